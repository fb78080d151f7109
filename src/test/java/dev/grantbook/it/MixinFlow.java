package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jsoup.Jsoup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The main job through the sandbox, told twice: on H2 and on PostgreSQL. */
@ArquillianTest
@RunAsClient
abstract class MixinFlow {

    static final Api BOT = Api.withKey("all");

    final Visitor visitor = new Visitor();

    /** A subject of its own for every test. */
    final String subject = "subject-" + UUID.randomUUID();

    /** The database that the server uses, so that a test can look behind the server's back. */
    abstract PostgreSql.Database database();

    // The walk

    @Test
    void userUnticksAPermissionIsToldAndAllowsTheRest() throws Exception {
        JsonObject first = BOT.access("demo-mixin", subject);
        assertThat(first.getString("status")).isEqualTo("not_authorized");
        assertThat(strings(first.getJsonObject("missing"), "required"))
                .containsExactly("ASSETS:READ", "SNAPSHOTS:READ");
        assertThat(strings(first.getJsonObject("missing"), "optional")).containsExactly("CONTACTS:READ");
        assertThat(first).doesNotContainKey("access_token");

        Reply outcome = visitor.finish(link(first), SandboxAccount.ALICE, "SNAPSHOTS:READ", "CONTACTS:READ");
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).contains("To add up what you own.");

        JsonObject second = BOT.access("demo-mixin", subject);
        assertThat(second.getString("status")).isEqualTo("missing_scopes");
        assertThat(second.getJsonObject("account").getString("id")).isEqualTo(SandboxAccount.ALICE.id);
        assertThat(strings(second, "granted")).containsExactly("PROFILE:READ", "ASSETS:READ");
        assertThat(strings(second.getJsonObject("missing"), "required")).containsExactly("SNAPSHOTS:READ");
        assertThat(second).doesNotContainKey("access_token").containsKey("link");

        Reply again = visitor.submit(outcome, "Allow the rest");
        assertThat(query(again.location()).get("scope"))
                .as("granted and missing together")
                .isEqualTo("PROFILE:READ ASSETS:READ SNAPSHOTS:READ CONTACTS:READ");
        Reply callback = visitor.allow(again.location(), SandboxAccount.ALICE);
        visitor.get(visitor.get(callback.location()).location());

        JsonObject third = BOT.access("demo-mixin", subject);
        assertThat(third.getString("status")).isEqualTo("authorized");
        assertThat(third).doesNotContainKey("link").containsKeys("expires_at", "verified_at");
        assertThat(third.getString("token_type")).isEqualTo("Bearer");
        Reply me = Http.at(Deployments.base())
                .with("Authorization", "Bearer " + third.getString("access_token"))
                .get("/sandbox/at/mixin/me");
        assertThat(Api.json(me).getJsonObject("data").getString("user_id")).isEqualTo(SandboxAccount.ALICE.id);

        JsonObject grant = BOT.grant("demo-mixin", subject);
        var history = grant.getJsonArray("history");
        assertThat(history).hasSize(2);
        assertThat(history.getJsonObject(0).getString("event")).isEqualTo("changed");
        assertThat(history.getJsonObject(1).getString("event")).isEqualTo("granted");
        assertThat(strings(history.getJsonObject(1), "declined")).containsExactly("SNAPSHOTS:READ", "CONTACTS:READ");
        assertThat(history.getJsonObject(1).getString("actor")).isEqualTo("user");
        assertThat(grant.toString()).doesNotContain(third.getString("access_token"));
    }

    @Test
    void theRequestIsInMixinsDialect() throws Exception {
        URI consent = URI.create(visitor.leave(BOT.link("demo-mixin", subject)).location());
        assertThat(consent.getPath()).isEqualTo("/sandbox/at/mixin/oauth/authorize");
        Parameters sent = Parameters.parse(consent.getRawQuery());
        assertThat(sent.get("client_id")).isEqualTo("11111111-0000-4000-8000-000000000001");
        assertThat(sent.get("state")).matches("[0-9A-Za-z]{43}");
        assertThat(sent.get("code_challenge")).matches("[0-9A-Za-z_-]{43}");
        assertThat(sent.get("code_challenge_method")).isEqualTo("SHA256");
        assertThat(sent.get("redirect_uri")).isNull();
        assertThat(sent.get("scope")).startsWith("PROFILE:READ ");
    }

    @Test
    void whatIsOptionalDoesNotHoldTheTokenBackUnlessItIsAskedFor() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "CONTACTS:READ");
        JsonObject all = BOT.access("demo-mixin", subject);
        assertThat(all.getString("status")).isEqualTo("authorized");
        assertThat(strings(all.getJsonObject("missing"), "optional")).containsExactly("CONTACTS:READ");
        JsonObject contacts = BOT.access(
                "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"features\":[\"contacts\"]}");
        assertThat(contacts.getString("status")).isEqualTo("missing_scopes");
        assertThat(contacts.getJsonArray("features").getJsonObject(0).getBoolean("ready"))
                .isFalse();
    }

    @Test
    void refusalSharesNothingAndKeepsWhatWasThere() throws Exception {
        JsonObject invitation = BOT.invite(question("demo-mixin", subject));
        Reply refused =
                visitor.refuse(visitor.leave(invitation.getString("url")).location());
        assertThat(query(refused.location()).get("error")).isEqualTo("access_denied");
        Reply outcome = visitor.get(visitor.get(refused.location()).location());
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(BOT.invitationStatus(invitation.getString("id"))).isEqualTo("denied");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();

        // The user thinks it over, allows, and refuses to allow more later: the grant stays.
        visitor.finish(invitation.getString("url"), SandboxAccount.ALICE, "SNAPSHOTS:READ");
        assertThat(BOT.invitationStatus(invitation.getString("id"))).isEqualTo("granted");
        Reply again =
                visitor.refuse(visitor.leave(BOT.link("demo-mixin", subject)).location());
        assertThat(text(visitor.get(visitor.get(again.location()).location())))
                .contains("Nothing has changed", "Tick everything there that you want to allow", "Try again");
        JsonObject grant = BOT.grant("demo-mixin", subject);
        assertThat(grant.getString("status")).isEqualTo("active");
        assertThat(grant.getJsonArray("history").getJsonObject(0).getString("event"))
                .isEqualTo("refused");
    }

    @Test
    void askingForTheRestIsLimited() throws Exception {
        Reply outcome = visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "SNAPSHOTS:READ");
        for (int asked = 1; asked <= 2; asked++) {
            Reply callback = visitor.allow(
                    visitor.submit(outcome, "Allow the rest").location(), SandboxAccount.ALICE, "SNAPSHOTS:READ");
            outcome = visitor.get(visitor.get(callback.location()).location());
        }
        assertThat(outcome.body()).doesNotContain("Allow the rest");
        List<String> attempts = List.copyOf(visitor.cookies().keySet());
        String attempt = attempts.get(attempts.size() - 1).replace("gb-", "");
        Reply forced = Http.at(Deployments.base())
                .with("Cookie", cookieHeader())
                .postForm("/oauth/start", Map.of("attempt", attempt));
        assertThat(forced.location()).as("no way round the limit").startsWith(Deployments.base() + "/outcome/");
    }

    @Test
    @DisplayName("1.1 1.5 Disconnect at a provider that cannot be told leaves one step, and the page says which")
    void theUserSeesWhatWasGrantedAndDisconnects() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        Reply permissions = visitor.get("/permissions");
        assertThat(text(permissions))
                .contains("Ledger Bot", "no way to tell Mixin Messenger", "Settings > Privacy > Authorization");
        String attempt = visitor.cookies().keySet().iterator().next().replace("gb-", "");
        Reply stranger = Http.at(Deployments.base())
                .with("Accept", "text/html")
                .postForm("/oauth/disconnect", Map.of("attempt", attempt));
        assertThat(stranger.status()).isEqualTo(403);
        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
        Reply done = Http.at(Deployments.base())
                .with("Cookie", cookieHeader())
                .postForm("/oauth/disconnect", Map.of("attempt", attempt));
        assertThat(done.status()).isEqualTo(303);
        Reply ended = visitor.get("/permissions");
        assertThat(text(ended))
                .contains("One step is left for you: at Mixin Messenger, open “Settings > Privacy > Authorization”")
                .contains("may still work there")
                .doesNotContain("can no longer use");
        assertThat(Jsoup.parse(ended.body())
                        .select("a[href=" + Deployments.base() + "/sandbox/at/mixin/authorizations]")
                        .text())
                .as("the sandbox stands for the provider's page")
                .isEqualTo("Open Mixin Messenger");
        assertThat(text(visitor.get("/outcome/" + attempt)))
                .contains("Disconnected", "One step is left for you: at Mixin Messenger", "Allow it again")
                .doesNotContain("Try again");
        JsonObject after = BOT.access("demo-mixin", subject);
        assertThat(after.getString("status")).isEqualTo("revoked");
        assertThat(after).containsKey("link").doesNotContainKey("access_token");
        assertThat(strings(after, "granted")).isEmpty();
    }

    @Test
    void botGivesAGrantUp() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        String id = BOT.grant("demo-mixin", subject).getString("id");
        assertThat(BOT.send("DELETE", "/grants/" + id, "").status()).isEqualTo(204);
        assertThat(BOT.send("DELETE", "/grants/" + id, "").status())
                .as("twice is no error")
                .isEqualTo(204);
        JsonObject grant = BOT.grant("demo-mixin", subject);
        assertThat(grant.getString("status")).isEqualTo("revoked");
        assertThat(grant.getJsonArray("history").getJsonObject(0).getString("event"))
                .isEqualTo("provider_not_notified");
        assertThat(grant.getJsonArray("history").getJsonObject(1).getString("actor"))
                .isEqualTo("api-key:all");
        assertThat(one("SELECT access_token FROM user_grant WHERE id = ?", id)).isNull();
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        assertThat(BOT.grant("demo-mixin", subject).getString("id"))
                .as("its history goes on")
                .isEqualTo(id);
    }

    // Starting

    @Test
    void linkPreviewsChangeNothing() throws Exception {
        JsonObject invitation = BOT.invite(question("demo-mixin", subject));
        String link = invitation.getString("url");
        for (String method : List.of("GET", "HEAD", "GET")) {
            Reply look = Http.at(Deployments.base()).send(method, link, "");
            assertThat(look.status()).isEqualTo(200);
            assertThat(look.setCookies()).isEmpty();
        }
        assertThat(BOT.invitationStatus(invitation.getString("id"))).isEqualTo("waiting");
        visitor.leave(link);
        assertThat(BOT.invitationStatus(invitation.getString("id"))).isEqualTo("opened");
    }

    @Test
    void aUsedLinkLeadsNowhere() throws Exception {
        String link = BOT.link("demo-mixin", subject);
        Reply landing = visitor.get(link);
        visitor.finish(link, SandboxAccount.ALICE);
        assertThat(visitor.get(link).body()).doesNotContain("Continue to Mixin Messenger");
        assertThat(visitor.submit(landing, "Continue to Mixin Messenger").location())
                .endsWith("/outcome/link-ended");
    }

    @Test
    void anExpiredLinkLeadsNowhere() throws Exception {
        JsonObject invitation = BOT.invite(question("demo-mixin", subject));
        Reply landing = visitor.get(invitation.getString("url"));
        change(
                "UPDATE invitation SET expires_at = TIMESTAMP '2020-01-01 00:00:00' WHERE id = ?",
                invitation.getString("id"));
        assertThat(BOT.invitationStatus(invitation.getString("id"))).isEqualTo("expired");
        assertThat(visitor.submit(landing, "Continue to Mixin Messenger").location())
                .endsWith("/outcome/link-ended");
    }

    @Test
    void aForwardedLinkIsCaughtWhereTheSubjectIsTheAccount() throws Exception {
        String alice = SandboxAccount.ALICE.id;
        Reply outcome = visitor.finish(BOT.link("by-subject", alice), SandboxAccount.BOB);
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).doesNotContain(alice);
        assertThat(BOT.access("by-subject", alice).getString("status")).isEqualTo("not_authorized");
        new Visitor().finish(BOT.link("by-subject", alice), SandboxAccount.ALICE);
        assertThat(BOT.access("by-subject", alice).getString("status")).isEqualTo("authorized");
    }

    @Test
    void aForwardedLinkIsCaughtWhereTheInvitationNamesTheAccount() throws Exception {
        Reply unnamed = BOT.send("POST", "/invitations", question("by-account", subject));
        assertThat(unnamed.status()).isEqualTo(400);
        assertThat(Api.json(unnamed).getString("field")).isEqualTo("account");
        String named = "{\"connector\":\"by-account\",\"subject\":\"" + subject + "\",\"account\":\""
                + SandboxAccount.ALICE.id + "\"}";
        visitor.finish(BOT.invite(named).getString("url"), SandboxAccount.BOB);
        assertThat(BOT.access(named).getString("status")).isEqualTo("not_authorized");
        new Visitor().finish(BOT.invite(named).getString("url"), SandboxAccount.ALICE);
        assertThat(BOT.access(named).getString("status")).isEqualTo("authorized");
    }

    @Test
    @DisplayName("1.3 1.2 1.5 The landing page knows its occasion")
    void theLandingPageKnowsItsOccasion() throws Exception {
        String first = text(visitor.get(BOT.link("demo-mixin", subject)));
        assertThat(first)
                .contains("Ledger Bot asks for your permission", "It gets nothing before you allow it there")
                .contains("At Mixin Messenger you choose which", "cannot be left out")
                .contains("at any time at Mixin Messenger under “Settings > Privacy > Authorization”")
                .doesNotContain("allowed already");

        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "SNAPSHOTS:READ");
        Reply more = visitor.get(BOT.link("demo-mixin", subject));
        assertThat(text(more))
                .contains("Ledger Bot asks for one more permission", "3 permissions are allowed already")
                .contains("Tick everything there that you want to allow")
                .doesNotContain("gets nothing", "Also asked for");
        assertThat(Jsoup.parse(more.body()).select("details").text()).contains("Your assets", "Your profile");
        assertThat(Jsoup.parse(more.body()).select(".cards").text())
                .contains("Portfolio", "Your transfers")
                .doesNotContain("Your assets", "Pay a friend");

        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        assertThat(text(visitor.get(BOT.invite(question("demo-mixin", subject)).getString("url"))))
                .contains("Nothing is missing", "4 permissions are allowed already");

        String id = BOT.grant("demo-mixin", subject).getString("id");
        change("UPDATE user_grant SET expires_at = created_at WHERE id = ?", id);
        assertThat(text(visitor.get(BOT.link("demo-mixin", subject))))
                .contains("asks for your permission again", "has expired")
                .doesNotContain("allowed already");

        BOT.send("DELETE", "/grants/" + id, "");
        assertThat(text(visitor.get(BOT.link("demo-mixin", subject))))
                .contains("asks for your permission again", "has ended")
                .doesNotContain("allowed already");
        String narrow = question("demo-mixin", subject).replace("}", ",\"features\":[\"portfolio\"]}");
        assertThat(text(visitor.get(BOT.invite(narrow).getString("url"))))
                .contains("Allowed earlier", "it has ended since")
                .doesNotContain("so that it is not lost");
    }

    private static String text(Reply page) {
        return Jsoup.parse(page.body()).text();
    }

    @Test
    @DisplayName("1.4 Nothing is said to work before the code has arrived")
    void theChatUserHandsTheCodeOfTheOutcomePageToTheBot() throws Exception {
        Reply outcome = visitor.finish(BOT.link("by-code", subject), SandboxAccount.ALICE);
        String code = codeOn(outcome);
        assertThat(outcome.body()).contains("Send this code to Ledger Bot", "10 more minutes");
        assertThat(Jsoup.parse(outcome.body()).select(".cards .chip").eachText())
                .containsOnly("Waits for the code");
        JsonObject before = BOT.access("by-code", subject);
        assertThat(before.getString("status")).isEqualTo("unconfirmed");
        assertThat(before).doesNotContainKey("access_token");

        assertThat(confirm(subject + "-forwarded", code).status()).isEqualTo(409);
        Reply wrong = confirm(subject, "CCC-CCC");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(Api.json(wrong).getString("type")).isEqualTo("urn:grantbook:problem:code-wrong");
        assertThat(Api.json(wrong).getString("detail")).contains("4 tries");
        Reply unreadable = confirm(subject, "hello?");
        assertThat(unreadable.status()).isEqualTo(400);
        assertThat(Api.json(unreadable).getString("field")).isEqualTo("code");

        String id = BOT.grant("by-code", subject).getString("id");
        Reply confirmed =
                BOT.send("POST", "/grants/" + id + "/confirm", "{\"code\":\" " + code.toLowerCase(Locale.ROOT) + "\"}");
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
        assertThat(Api.json(confirmed).getString("status")).isEqualTo("active");
        assertThat(confirm(subject, code).status()).as("twice is no error").isEqualTo(200);
        assertThat(BOT.access("by-code", subject)).containsKey("access_token");
        JsonObject last = BOT.grant("by-code", subject).getJsonArray("history").getJsonObject(0);
        assertThat(last.getString("event")).isEqualTo("confirmed");
        assertThat(last.getString("actor")).isEqualTo("api-key:all");
    }

    @Test
    void theCodeIsForTheVisitorWhoFinishedAndIsThereAfterAReload() throws Exception {
        Reply callback =
                visitor.allow(visitor.leave(BOT.link("by-code", subject)).location(), SandboxAccount.ALICE);
        String page = visitor.get(callback.location()).location();

        assertThat(codeOn(visitor.get(page))).isEqualTo(codeOn(visitor.get(page)));
        assertThat(Jsoup.parse(new Visitor().get(page).body()).select(".handover"))
                .isEmpty();
        confirm(subject, codeOn(visitor.get(page)));
        assertThat(Jsoup.parse(visitor.get(page).body()).select(".handover")).isEmpty();
    }

    @Test
    void fiveWrongCodesEndTheGrant() throws Exception {
        Reply callback =
                visitor.allow(visitor.leave(BOT.link("by-code", subject)).location(), SandboxAccount.ALICE);
        String outcome = visitor.get(callback.location()).location();
        String code = codeOn(visitor.get(outcome));
        for (int tries = 1; tries <= 5; tries++) {
            assertThat(confirm(subject, "CCCCCC").status()).isEqualTo(400);
        }
        assertThat(confirm(subject, code).status()).isEqualTo(409);
        assertThat(BOT.access("by-code", subject).getString("status")).isEqualTo("revoked");
        String id = BOT.grant("by-code", subject).getString("id");
        assertThat(one("SELECT access_token FROM user_grant WHERE id = ?", id)).isNull();
        assertThat(visitor.get(outcome).body()).contains("Not confirmed", "Try again");
    }

    @Test
    void onlyAKeyThatInvitesForTheConnectorConfirms() throws Exception {
        String body = "{\"connector\":\"by-code\",\"subject\":\"" + subject + "\",\"code\":\"K7Q-M4T\"}";
        assertThat(Api.withKey("status-only")
                        .send("POST", "/confirmations", body)
                        .status())
                .isEqualTo(403);
        assertThat(Api.withKey("other-only")
                        .send("POST", "/confirmations", body)
                        .status())
                .isEqualTo(403);
        visitor.finish(BOT.link("by-code", subject), SandboxAccount.ALICE);
        String id = BOT.grant("by-code", subject).getString("id");
        assertThat(Api.withKey("other-only")
                        .send("POST", "/grants/" + id + "/confirm", "{\"code\":\"K7Q-M4T\"}")
                        .status())
                .isEqualTo(404);
    }

    private static Reply confirm(String subject, String code) throws IOException, InterruptedException {
        return BOT.send(
                "POST",
                "/confirmations",
                "{\"connector\":\"by-code\",\"subject\":\"" + subject + "\",\"code\":\"" + code + "\"}");
    }

    private static String codeOn(Reply page) {
        return Jsoup.parse(page.body()).select(".handover").text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "client_id=evil",
                "redirect_uri=https://evil.example",
                "state=x",
                "response_type=token",
                "code_challenge=x"
            })
    void callersCannotSmuggleParameters(String extra) throws Exception {
        Reply reply = visitor.get("/oauth/start/demo-mixin?" + extra);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains(extra.substring(0, extra.indexOf('=')));
        assertThat(reply.setCookies()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/oauth/start/nobody, 404",
        "/oauth/start/other-mixin, 403",
        "/oauth/start/demo-mixin?feature=flying, 400",
        "/oauth/start/demo-mixin?scope=APPS:WRITE, 400",
        "/oauth/start/demo-mixin?scope=%22, 400",
        "/oauth/start/demo-mixin?return_to=https://evil.example/chat, 400",
        "/oauth/start/demo-mixin?return_to=https://app.example.com/chat&return_to=https://evil.example, 400"
    })
    void aPublicStartThatCannotBeIsRefused(String target, int status) throws Exception {
        assertThat(visitor.get(target).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil",
                "/\\\\evil",
                "https:evil",
                "https://app.example.com.evil/chat",
                "https://app.example.com@evil/chat",
                "https://app.example.com/\\tchat",
                "https://app.example.com/chat\\r\\nX: y",
                "https://app.example.com:8443/chat",
                "https://user@app.example.com/chat",
                "https://app.example.cоm/chat",
                "https://app.example.com/chat/%2e%2e/x",
                "https://app.example.com/chatter",
                "http://app.example.com/chat",
                "javascript:alert(1)",
                "ledger:chat"
            })
    void usersAreNeverSentElsewhere(String returnTo) throws Exception {
        Reply reply = BOT.send(
                "POST",
                "/invitations",
                "{\"connector\":\"demo-mixin\",\"subject\":\"s\",\"return_to\":\"" + returnTo + "\"}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(400);
        assertThat(Api.json(reply).getString("field")).isEqualTo("return_to");
    }

    @Test
    void aSubjectIsMeasuredAsItsColumnIs() throws Exception {
        String fits = "😀".repeat(127) + "!";
        JsonObject made = BOT.invite("{\"connector\":\"demo-mixin\",\"subject\":\"" + fits + "\"}");
        Reply tooLong = BOT.send(
                "POST", "/invitations", "{\"connector\":\"demo-mixin\",\"subject\":\"" + "😀".repeat(128) + "\"}");

        assertThat(made.getString("subject")).isEqualTo(fits);
        assertThat(tooLong.status()).as(tooLong.body()).isEqualTo(400);
        assertThat(Api.json(tooLong).getString("field")).isEqualTo("subject");
        assertThat(tooLong.body()).contains("255");
    }

    @Test
    void aWebAppsVisitorComesStraightBackWithAHandleThatWorksOnce() throws Exception {
        assertThat(Http.at(Deployments.base())
                        .send("HEAD", "/oauth/start/demo-mixin", "")
                        .setCookies())
                .isEmpty();
        Reply start = visitor.get(
                "/oauth/start/demo-mixin?feature=portfolio&return_to=https://app.example.com/chat?room%3D7");
        assertThat(start.status()).isEqualTo(303);
        assertThat(query(start.location()).get("return_to")).isEqualTo("https://app.example.com/chat?room=7");
        Reply callback = visitor.allow(start.location(), SandboxAccount.BOB);
        String back = visitor.get(callback.location()).location();
        assertThat(back).startsWith("https://app.example.com/chat?room=7&attempt=");
        String handle = Objects.requireNonNull(query(back).get("attempt"));
        JsonObject answer = Api.json(BOT.get("/attempts/" + handle));
        assertThat(answer.getString("status")).isEqualTo("authorized");
        assertThat(answer.getString("subject")).isEqualTo(SandboxAccount.BOB.id);
        assertThat(answer).containsKey("access_token");
        assertThat(BOT.get("/attempts/" + handle).status()).isEqualTo(404);
    }

    @Test
    void aWebAppsVisitorWhoGrantsLessSeesTheOutcomeFirst() throws Exception {
        Reply start = visitor.get("/oauth/start/demo-mixin?return_to=https://app.example.com/chat");
        Reply callback = visitor.allow(start.location(), SandboxAccount.BOB, "SNAPSHOTS:READ");
        String outcome = visitor.get(callback.location()).location();
        assertThat(outcome).startsWith(Deployments.base() + "/outcome/");
        Reply back = visitor.get("/oauth/return/" + last(URI.create(outcome)));
        String handle = Objects.requireNonNull(query(back.location()).get("attempt"));
        assertThat(Api.withKey("other-only").get("/attempts/" + handle).status())
                .isEqualTo(404);
        assertThat(Api.json(BOT.get("/attempts/" + handle)).getString("status")).isEqualTo("missing_scopes");
    }

    @Test
    void anotherSitesFormIsRefused() throws Exception {
        String link = BOT.link("demo-mixin", subject);
        String token = last(URI.create(link));
        for (Map.Entry<String, String> header : Map.of("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
                .entrySet()) {
            Reply reply = Http.at(Deployments.base())
                    .with(header.getKey(), header.getValue())
                    .postForm("/oauth/start", Map.of("invitation", token));
            assertThat(reply.status()).isEqualTo(403);
            assertThat(reply.setCookies()).isEmpty();
        }
    }

    // Callback

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "code=x",
                "state=unknown&code=x",
                "state=a&state=b&code=x",
                "state=unknown",
                "state=unknown&code=",
                "code=x&error=access_denied&state=unknown",
                "error=access_denied",
                "%zz=%zz"
            })
    void aCallbackWithoutAKnownStateOffersToStartProperly(String query) throws Exception {
        Reply reply = Http.at(Deployments.base()).get("/oauth/callback/demo-mixin?" + query.replace("%zz", "%25zz"));
        assertThat(reply.location()).isEqualTo(Deployments.base() + "/outcome/unknown?connector=demo-mixin#");
        assertThat(reply.setCookies()).isEmpty();
        assertThat(visitor.get(reply.location()).status()).isEqualTo(200);
    }

    @Test
    void aFloodOfParametersIsRefused() throws Exception {
        Reply reply = Http.at(Deployments.base()).get("/oauth/callback/demo-mixin?state=x&code=" + "a".repeat(5000));
        assertThat(reply.location()).contains("/outcome/unknown");
        Reply flood = Http.apart(Deployments.base()).get("/oauth/callback/demo-mixin?x=" + "a".repeat(64 * 1024));
        assertThat(flood.status()).isBetween(300, 499);
    }

    @Test
    void aReloadShowsTheOutcomeAgainAndExchangesNothing() throws Exception {
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        String first = visitor.get(callback).location();
        assertThat(first).doesNotContain("code=").doesNotContain("state=");
        assertThat(visitor.get(callback).location()).isEqualTo(first);
        assertThat(visitor.get(first).status()).isEqualTo(200);
        assertThat(BOT.grant("demo-mixin", subject).getJsonArray("history")).hasSize(1);
    }

    @Test
    void twoCallbacksAtOnceExchangeOnce() throws Exception {
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        Http browser = Http.at(Deployments.base()).with("Cookie", cookieHeader());
        List<Reply> replies = atOnce(List.of(() -> browser.get(callback), () -> browser.get(callback)));
        assertThat(replies).extracting(Reply::status).containsOnly(303);
        assertThat(replies).extracting(Reply::location).allMatch(page -> page.contains("/outcome/"));
        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
        assertThat(BOT.grant("demo-mixin", subject).getJsonArray("history")).hasSize(1);
    }

    @Test
    void anotherBrowserCannotFinishAndTheRightOneStillCan() throws Exception {
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        Visitor victim = new Visitor();
        assertThat(victim.get(callback).location()).endsWith("/outcome/elsewhere#");
        victim.leave(BOT.link("demo-mixin", subject + "-victim"));
        assertThat(victim.get(callback).location())
                .as("with a cookie of its own attempt")
                .endsWith("/outcome/elsewhere#");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();
        String outcome = visitor.get(callback).location();
        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
        assertThat(victim.get(outcome).body()).as("nor see the outcome").doesNotContain("Alice");
    }

    @Test
    void twoTabsDoNotDisturbEachOther() throws Exception {
        String other = subject + "-tab";
        String one = visitor.leave(BOT.link("demo-mixin", subject)).location();
        String two = visitor.leave(BOT.link("demo-mixin", other)).location();
        visitor.get(visitor.allow(two, SandboxAccount.BOB).location());
        visitor.get(visitor.allow(one, SandboxAccount.ALICE).location());
        assertThat(BOT.access("demo-mixin", subject).getJsonObject("account").getString("id"))
                .isEqualTo(SandboxAccount.ALICE.id);
        assertThat(BOT.access("demo-mixin", other).getJsonObject("account").getString("id"))
                .isEqualTo(SandboxAccount.BOB.id);
    }

    @Test
    void aCodeForOneConnectorIsRefusedByAnother() throws Exception {
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        assertThat(visitor.get(callback.replace("/callback/demo-mixin", "/callback/other-mixin"))
                        .location())
                .endsWith("/outcome/unknown#");
        assertThat(BOT.grants("other-mixin", subject).getJsonArray("grants")).isEmpty();
    }

    @Test
    void aCodeOfAnotherAttemptIsStoppedByPkce() throws Exception {
        String stolen = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject + "-victim"))
                                .location(),
                        SandboxAccount.ALICE)
                .location();
        String own = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.BOB)
                .location();
        String injected = own.replace(
                "code=" + query(own).get("code"), "code=" + query(stolen).get("code"));
        visitor.get(injected);
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();
    }

    @Test
    void anAttemptThatTookTooLongIsOver() throws Exception {
        String callback = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        String attempt = visitor.cookies().keySet().iterator().next().replace("gb-", "");
        change("UPDATE attempt SET expires_at = TIMESTAMP '2020-01-01 00:00:00' WHERE id = ?", attempt);
        assertThat(visitor.get(callback).location()).endsWith("/outcome/link-ended#");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();
    }

    @Test
    void aConnectorThatWasClosedMeanwhileFinishesNothing() throws Exception {
        String landing = BOT.link("other-mixin", subject);
        String callback = visitor.allow(visitor.leave(landing).location(), SandboxAccount.ALICE)
                .location();
        change("UPDATE connector SET enabled = FALSE WHERE id = ?", "other-mixin");
        try {
            assertThat(visitor.get(callback).location()).endsWith("/outcome/closed#");
            assertThat(BOT.send("POST", "/access", question("other-mixin", subject))
                            .status())
                    .isEqualTo(409);
            assertThat(visitor.get(landing).body()).doesNotContain("Continue to Mixin Messenger");
        } finally {
            change("UPDATE connector SET enabled = TRUE WHERE id = ?", "other-mixin");
        }
    }

    @Test
    void theReturnAddressOfTheCallbackIsNotBelieved() throws Exception {
        Reply start = visitor.get("/oauth/start/demo-mixin?feature=portfolio&return_to=https://app.example.com/chat");
        String callback = visitor.allow(start.location(), SandboxAccount.BOB).location();
        assertThat(query(callback).get("return_to")).isEqualTo("https://app.example.com/chat");
        String forged = callback.replaceAll("return_to=[^&]*", "return_to=https%3A%2F%2Fevil.example%2F");
        assertThat(visitor.get(forged).location()).startsWith("https://app.example.com/chat?attempt=");
    }

    @ParameterizedTest
    @CsvSource({"unreachable", "wrong-secret"})
    void aTripThatFailsAtTheProviderStoresNothing(String connector) throws Exception {
        Reply outcome = visitor.finish(BOT.link(connector, subject), SandboxAccount.ALICE);
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).contains("Try again");
        assertThat(BOT.access(connector, subject).getString("status")).isEqualTo("not_authorized");
        assertThat(visitor.submit(outcome, "Try again").location()).contains("/sandbox/at/mixin/oauth/authorize");
    }

    @Test
    void anErrorWithMarkupIsNotShown() throws Exception {
        String consent = visitor.leave(BOT.link("demo-mixin", subject)).location();
        String state = query(consent).get("state");
        Reply reply = visitor.get("/oauth/callback/demo-mixin?error=server_error&state=" + state
                + "&error_description=%3Cscript%3Ealert(1)%3C/script%3E%0D%0AX:%20y");
        Reply outcome = visitor.get(reply.location());
        assertThat(outcome.status()).isEqualTo(200);
        assertThat(outcome.body()).doesNotContain("alert(1)");
        assertThat(Deployments.log()).doesNotContain("\nX: y");
    }

    @Test
    @DisplayName("4.2 A callback that quotes state and challenge, whole or cut, leaves no part of them in the log")
    void anErrorThatQuotesTheRequestIsNotLoggedWhole() throws Exception {
        String consent = visitor.leave(BOT.link("demo-mixin", subject)).location();
        String state = String.valueOf(query(consent).get("state"));
        String challenge = query(consent).get("code_challenge");
        visitor.get("/oauth/callback/demo-mixin?state=" + state + "&error=bad_" + state.substring(5, 30)
                + "&error_description=" + ".".repeat(180) + "state%3D" + state + "%26code_challenge%3D"
                + "&error_uri=https%3A%2F%2Fx.example%2F" + challenge);

        String log = Deployments.log();
        assertThat(log).contains("demo-mixin answered: bad_***");
        assertThat(Secrets.in(log)).isEmpty();
    }

    // Store

    @Test
    void oneSubjectThatConnectsTwiceAtOnceHasOneGrant() throws Exception {
        Visitor second = new Visitor();
        String one = visitor.allow(
                        visitor.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        String two = second.allow(second.leave(BOT.link("demo-mixin", subject)).location(), SandboxAccount.ALICE)
                .location();
        List<Reply> replies = atOnce(List.of(() -> visitor.get(one), () -> second.get(two)));
        assertThat(replies).extracting(Reply::status).containsOnly(303);
        assertThat(BOT.grant("demo-mixin", subject).getJsonArray("history")).hasSize(2);
        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
    }

    @Test
    void tokensAreSealedAndBoundToTheirRow() throws Exception {
        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        String other = subject + "-other";
        visitor.finish(BOT.link("demo-mixin", other), SandboxAccount.ALICE);
        String token = BOT.access("demo-mixin", subject).getString("access_token");
        String stored = one("SELECT access_token FROM user_grant WHERE subject = ?", subject);
        assertThat(stored).isNotNull().doesNotContain(token);
        String foreign = one("SELECT access_token FROM user_grant WHERE subject = ?", other);
        change("UPDATE user_grant SET access_token = '" + foreign + "' WHERE subject = ?", subject);
        Reply moved = BOT.send("POST", "/access", question("demo-mixin", subject));
        assertThat(moved.status()).isEqualTo(503);
        assertThat(moved.body()).doesNotContain("Exception").doesNotContain("vault");
        change("UPDATE user_grant SET access_token = '" + stored + "' WHERE subject = ?", subject);
        assertThat(BOT.access("demo-mixin", subject).getString("access_token")).isEqualTo(token);
    }

    @Test
    @DisplayName("2.14 A browser with many trips behind it makes one more, and its oldest cookies go")
    void aBrowserWithManyTripsBehindItMakesOneMore() throws Exception {
        for (int old = 0; old < 60; old++) {
            visitor.cookies().put("gb-old-" + old, "x");
        }

        visitor.finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);

        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
        assertThat(visitor.cookies().values()).filteredOn(String::isEmpty).hasSize(11);
        assertThat(visitor.cookies()).containsEntry("gb-old-10", "").containsEntry("gb-old-11", "x");
    }

    @Test
    @DisplayName("2.13 A callback with our state and neither code nor error ends the trip as failed, with Try again")
    void aCallbackWithNeitherCodeNorErrorEndsTheTrip() throws Exception {
        String consent = visitor.leave(BOT.link("demo-mixin", subject)).location();
        String state = query(consent).get("state");

        Reply page = visitor.get(
                visitor.get("/oauth/callback/demo-mixin?error_code=1349003&error_message=Sorry&state=" + state)
                        .location());

        assertThat(page.body()).contains("Try again");
    }

    @Test
    void anInterruptedExchangeCanBeStartedAgain() throws Exception {
        String link = BOT.link("demo-mixin", subject);
        String callback = visitor.allow(visitor.leave(link).location(), SandboxAccount.ALICE)
                .location();
        String attempt = visitor.cookies().keySet().iterator().next().replace("gb-", "");
        change("UPDATE attempt SET status = 'EXCHANGING' WHERE id = ?", attempt);
        Reply waiting = visitor.get(visitor.get(callback).location());
        assertThat(waiting.status()).isEqualTo(200);
        visitor.finish(link, SandboxAccount.ALICE);
        assertThat(BOT.access("demo-mixin", subject).getString("status")).isEqualTo("authorized");
    }

    // Helpers of this story

    static String question(String connector, String subject) {
        return "{\"connector\":\"" + connector + "\",\"subject\":\"" + subject + "\"}";
    }

    private static String link(JsonObject answer) {
        return answer.getJsonObject("link").getString("url");
    }

    private static List<String> strings(JsonObject object, String name) {
        return object.getJsonArray(name).getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static Parameters query(String url) {
        return Parameters.parse(URI.create(url).getRawQuery());
    }

    private static String last(URI url) {
        return url.getPath().substring(url.getPath().lastIndexOf('/') + 1);
    }

    private static List<Reply> atOnce(List<Callable<Reply>> calls) throws Exception {
        var threads = Executors.newFixedThreadPool(calls.size());
        var barrier = new CyclicBarrier(calls.size());
        try {
            var pending = calls.stream()
                    .map(call -> threads.submit(() -> {
                        barrier.await();
                        return call.call();
                    }))
                    .toList();
            var replies = new ArrayList<Reply>();
            for (var reply : pending) {
                replies.add(reply.get());
            }
            return replies;
        } finally {
            threads.shutdownNow();
        }
    }

    private Connection connect() throws SQLException {
        var known = database();
        return DriverManager.getConnection(known.url(), known.user(), known.password());
    }

    private void change(String sql, String key) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        }
    }

    private @Nullable String one(String sql, String key) throws SQLException {
        try (var connection = connect();
                var statement = connection.prepareStatement(sql)) {
            statement.setString(1, key);
            var rows = statement.executeQuery();
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private String cookieHeader() {
        return visitor.cookies().entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .reduce((one, other) -> one + "; " + other)
                .orElse("");
    }
}
