package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.oauth.Parameters;
import dev.grantbook.oauth.Secret;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conversations of a bot platform in each of the three channels, through the sandbox. */
@ArquillianTest
@RunAsClient
class ConversationsIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final Api BOT = Api.withKey("all");

    private static final String CLIENT = "11111111-0000-4000-8000-000000000001";

    private static final String BY_CODE_CLIENT = "11111111-0000-4000-8000-000000000008";

    private static final String SCOPES = "PROFILE:READ ASSETS:READ SNAPSHOTS:READ";

    private static final String APP_SECRET = Connectors.APP_SECRET;

    private final Visitor visitor = new Visitor();

    /** A user and a session of their own for every test. */
    private final String subject = "subject-" + UUID.randomUUID();

    private final String session = "session-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return H2Suite.war();
    }

    static Map<String, String> configuration() {
        // Every question asks the provider whether the token lives.
        return Map.of("grantbook.conversations.verify-after", "PT0.001S");
    }

    // The web

    @Test
    void aWebChatGoesFromNotLinkedToLinkedToRejectedToLinkedToLoggedOut() throws Exception {
        JsonObject first = next("web");
        assertThat(first.getString("next")).isEqualTo("link");
        assertThat(first.getString("reason")).isEqualTo("not_linked");
        assertThat(strings(first.getJsonObject("missing"), "required"))
                .containsExactly("ASSETS:READ", "SNAPSHOTS:READ");
        assertThat(first).doesNotContainKey("access_token");

        Element closing = closing(finish(link(first)));
        assertThat(closing.attr("data-status")).isEqualTo("linked");
        assertThat(closing.attr("data-conversation")).isEqualTo(session);
        assertThat(closing.attr("data-origin")).isEqualTo("https://app.example.com");

        String token = goesOn("web");
        assertThat(works(token)).isTrue();

        revokeAtMixin(SandboxAccount.ALICE);
        JsonObject rejected = next("web");
        assertThat(rejected.getString("next")).isEqualTo("link");
        assertThat(rejected.getString("reason")).isEqualTo("token_rejected");
        JsonObject grant = BOT.grant("demo-mixin", subject);
        assertThat(grant.getString("status")).isEqualTo("revoked");
        assertThat(grant.getJsonArray("history").getJsonObject(0).getString("event"))
                .isEqualTo("rejected");
        assertThat(grant.getJsonArray("history").getJsonObject(0).getString("actor"))
                .isEqualTo("provider");

        finish(link(rejected));
        assertThat(goesOn("web")).isNotEqualTo(token);

        logOut("web");
        assertThat(next("web").getString("reason")).isEqualTo("not_linked");
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("revoked");
        logOut("web");
    }

    @Test
    void theClosingPageHoldsNoSecretAndMayRunOurScriptOnly() throws Exception {
        Reply page = finish(link(next("web")));
        String token = goesOn("web");

        assertThat(page.body()).doesNotContain(token, "code=");
        assertThat(page.header("Content-Security-Policy"))
                .contains("script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void noPageOfTheTripCutsItselfOffFromTheChat() throws Exception {
        String link = link(next("web"));
        List<Reply> trip = new ArrayList<>();
        trip.add(visitor.get(link));
        trip.add(visitor.leave(link));
        trip.add(visitor.get(
                visitor.allow(trip.get(1).location(), SandboxAccount.ALICE).location()));
        trip.add(visitor.get(trip.get(2).location()));
        trip.add(visitor.get(trip.get(3).location()));

        assertThat(trip)
                .extracting(reply -> reply.header("Cross-Origin-Opener-Policy"))
                .containsOnly("unsafe-none");
        assertThat(trip.get(4).body()).contains("data-status=\"linked\"");
        assertThat(visitor.get("/permissions").header("Cross-Origin-Opener-Policy"))
                .isEqualTo("same-origin");
    }

    @Test
    void whatIsMissingIsToldFirstAndTheWayBackLeadsToTheChat() throws Exception {
        Reply outcome = visitor.finish(link(next("web")), SandboxAccount.ALICE, "SNAPSHOTS:READ");
        assertThat(outcome.body()).contains("Allow the rest");

        Reply back = visitor.get(followed(outcome, "/oauth/return/"));
        Element closing = closing(visitor.get(visitor.get(back.location()).location()));

        assertThat(closing.attr("data-status")).isEqualTo("missing_scopes");
        JsonObject answer = next("web");
        assertThat(answer.getString("reason")).isEqualTo("missing_scopes");
        assertThat(strings(answer, "granted")).contains("ASSETS:READ");
        assertThat(strings(answer.getJsonObject("missing"), "required")).containsExactly("SNAPSHOTS:READ");

        // A later question that needs less goes on.
        JsonObject less = ask("web", body(", \"scopes\": [\"ASSETS:READ\"]"));
        assertThat(less.getString("next")).isEqualTo("continue");
    }

    @Test
    void whoRefusesComesBackUnlinked() throws Exception {
        Reply callback = visitor.refuse(visitor.leave(link(next("web"))).location());
        Reply outcome = visitor.get(visitor.get(callback.location()).location());
        Reply back = visitor.get(followed(outcome, "/oauth/return/"));

        Element closing = closing(visitor.get(visitor.get(back.location()).location()));

        assertThat(closing.attr("data-status")).isEqualTo("not_linked");
        assertThat(next("web").getString("reason")).isEqualTo("not_linked");
    }

    @Test
    void theEndOfATripIsOnlyForWhoMadeIt() throws Exception {
        Reply callback = visitor.allow(visitor.leave(link(next("web"))).location(), SandboxAccount.ALICE);
        String end = visitor.get(callback.location()).location();
        String ended = visitor.get(end).location();
        assertThat(ended).contains("/linked/");

        assertThat(new Visitor().get(end).location()).as("the handle is used").endsWith("/outcome/link-ended");
        assertThat(new Visitor()
                        .get(end.replaceAll("attempt=.*", "attempt=guess"))
                        .location())
                .endsWith("/outcome/link-ended");
        assertThat(new Visitor().get(end.replaceAll("\\?.*", "")).status()).isEqualTo(400);
        assertThat(new Visitor().get("/linked/guess").body()).contains("This page has expired");
    }

    // Codes that the platform brings

    @Test
    void aCodeThatArrivedIsExchangedByTheNextQuestion() throws Exception {
        keep("web", code());
        assertThat(state("web").getString("auth_code")).isEqualTo("waiting");

        String token = goesOn("web");

        assertThat(works(token)).isTrue();
        assertThat(state("web").getString("auth_code")).isEqualTo("none");
        assertThat(state("web").getJsonObject("grant").getString("status")).isEqualTo("active");
        assertThat(goesOn("web")).as("nothing is exchanged again").isEqualTo(token);
    }

    @Test
    void twoQuestionsAtOnceExchangeACodeOnce() throws Exception {
        keep("web", code());
        int askers = 4;
        var barrier = new CyclicBarrier(askers);
        var pool = Executors.newFixedThreadPool(askers);
        List<Reply> replies = new ArrayList<>();
        try {
            List<Future<Reply>> running = new ArrayList<>();
            for (int i = 0; i < askers; i++) {
                running.add(pool.submit(() -> {
                    barrier.await();
                    return BOT.send("POST", path("web") + "/next", body(""));
                }));
            }
            for (Future<Reply> one : running) {
                replies.add(one.get());
            }
        } finally {
            pool.shutdownNow();
        }

        assertThat(replies).extracting(Reply::status).contains(200).isSubsetOf(200, 409);
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 409)
                .allSatisfy(reply -> assertThat(reply.body()).contains("exchange-running"));
        assertThat(replies)
                .filteredOn(reply -> reply.status() == 200)
                .allSatisfy(
                        reply -> assertThat(Api.json(reply).getString("next")).isEqualTo("continue"));
        assertThat(BOT.grant("demo-mixin", subject).getJsonArray("history"))
                .as("one exchange, one event")
                .hasSize(1);
        goesOn("web");
    }

    @Test
    void aForgedOrUsedCodeIsForgotten() throws Exception {
        keep("web", "forged");
        assertThat(next("web").getString("reason")).isEqualTo("code_rejected");
        assertThat(next("web").getString("reason")).as("it was forgotten").isEqualTo("not_linked");

        String code = code();
        keep("web", code);
        goesOn("web");
        String other = "other-" + session;
        assertThat(BOT.send(
                                "PUT",
                                "/conversations/web/" + other + "/auth-code",
                                "{\"connector\":\"demo-mixin\",\"subject\":\"other-" + subject + "\",\"code\":\"" + code
                                        + "\"}")
                        .status())
                .isEqualTo(204);
        Reply used = BOT.send(
                "POST",
                "/conversations/web/" + other + "/next",
                "{\"connector\":\"demo-mixin\",\"subject\":\"other-" + subject + "\"}");
        assertThat(Api.json(used).getString("reason")).isEqualTo("code_rejected");
    }

    @Test
    void theProviderRefusingACodeDoesNotHideAnEarlierGrant() throws Exception {
        finish(link(next("web")));
        keep("web", "forged");

        goesOn("web");
    }

    @Test
    void aCodeInPartsShowsThemToWhoMayHaveTokens() throws Exception {
        keep("web", code() + "|department=7|");

        assertThat(strings(state("web"), "auth_code_parts")).hasSize(3).endsWith("department=7", "");
        Reply other = Api.withKey("no-token").get(path("web") + "?connector=demo-mixin");
        assertThat(Api.json(other)).doesNotContainKey("auth_code_parts");
        goesOn("web");
        assertThat(state("web").getString("auth_code")).isEqualTo("exchanged");
        assertThat(strings(state("web"), "auth_code_parts")).hasSize(3);
    }

    @Test
    void aCodeIsKeptWhileTheProviderIsAway() throws Exception {
        String body = "{\"connector\":\"unreachable\",\"subject\":\"" + subject + "\"";
        assertThat(BOT.send("PUT", path("web") + "/auth-code", body + ",\"code\":\"c0de-of-somebody\"}")
                        .status())
                .isEqualTo(204);

        Reply reply = BOT.send("POST", path("web") + "/next", body + "}");

        assertThat(reply.status()).isEqualTo(503);
        assertThat(Api.json(reply).getString("type")).endsWith(":provider-unreachable");
        assertThat(Api.json(BOT.get(path("web") + "?connector=unreachable")).getString("auth_code"))
                .isEqualTo("waiting");
    }

    @Test
    void aCodeOfAnotherAccountThanTheExpectedOneIsForgotten() throws Exception {
        keep("web", code());

        JsonObject answer = ask("web", body(", \"account\": \"" + SandboxAccount.BOB.id + "\""));

        assertThat(answer.getString("reason")).isEqualTo("wrong_account");
        assertThat(state("web").getString("auth_code")).isEqualTo("none");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();
    }

    @Test
    void aSessionThatPassesToAnotherUserBringsThemNothing() throws Exception {
        keep("web", code());

        Reply reply = BOT.send(
                "POST", path("web") + "/next", "{\"connector\":\"demo-mixin\",\"subject\":\"thief-" + subject + "\"}");

        assertThat(Api.json(reply).getString("reason")).isEqualTo("not_linked");
        assertThat(state("web").getString("auth_code")).isEqualTo("none");
    }

    // A log-in page of the operator's own

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLogInPageBringsItsCodeToOurClosingPage(boolean careful) throws Exception {
        String redirect = next("web").getString("redirect_uri");
        String code = code();

        Reply reply = visitor.get(
                careful
                        ? "/authorize?redirect_uri=" + encode(redirect + "?authorization_code=" + code)
                        : "/authorize?redirect_uri=" + redirect + "&authorization_code=" + code);

        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.location()).isEqualTo(redirect);
        assertThat(closing(visitor.get(reply.location())).attr("data-status")).isEqualTo("code_received");
        assertThat(works(goesOn("web"))).isTrue();
    }

    @Test
    @DisplayName(
            "4.14 confirmation: code holds for a code that /authorize brings; its browser alone reads what confirms it")
    void aCodeThatALogInPageBringsIsConfirmedByTheChatUser() throws Exception {
        String question = body("").replace("demo-mixin", "by-code");
        String redirect = ask("web", question).getString("redirect_uri");

        visitor.get("/authorize?redirect_uri=" + redirect + "&authorization_code=" + code(BY_CODE_CLIENT));
        String shown = handover(visitor, redirect);
        JsonObject waiting = ask("web", question);

        assertThat(handover(visitor, redirect)).isEqualTo(shown).matches("[0-9A-Z]{3}-[0-9A-Z]{3}");
        assertThat(handover(new Visitor(), redirect))
                .as("whoever else has the link")
                .isEmpty();
        assertThat(waiting.getString("next")).isEqualTo("link");
        assertThat(waiting.getString("reason")).isEqualTo("unconfirmed");
        confirm(shown);
        assertThat(ask("web", question).getString("next")).isEqualTo("continue");
        assertThat(handover(visitor, redirect)).as("what is confirmed").isEmpty();
    }

    @Test
    @DisplayName("4.14 confirmation: code holds for a code that a platform brings; it is told what confirms it")
    void aCodeThatAPlatformBringsIsConfirmedByTheChatUser() throws Exception {
        String question = body("").replace("demo-mixin", "by-code");
        Reply kept = BOT.send(
                "PUT",
                path("web") + "/auth-code",
                "{\"connector\":\"by-code\",\"subject\":\"" + subject + "\",\"code\":\"" + code(BY_CODE_CLIENT)
                        + "\"}");

        assertThat(kept.status()).as(kept.body()).isEqualTo(200);
        assertThat(ask("web", question).getString("reason")).isEqualTo("unconfirmed");
        confirm(Api.json(kept).getString("confirmation_code"));
        assertThat(ask("web", question).getString("next")).isEqualTo("continue");
    }

    /** What a browser is shown at the end of a link; empty when it is shown nothing. */
    private static String handover(Visitor browser, String closing) throws Exception {
        return Jsoup.parse(browser.get(closing).body()).select(".handover").text();
    }

    private void confirm(String code) throws Exception {
        Reply confirmed = BOT.send(
                "POST",
                "/confirmations",
                "{\"connector\":\"by-code\",\"subject\":\"" + subject + "\",\"code\":\"" + code + "\"}");
        assertThat(confirmed.status()).as(confirmed.body()).isEqualTo(200);
    }

    @Test
    void aCodeComesToALinkOnce() throws Exception {
        String redirect = next("web").getString("redirect_uri");
        visitor.get("/authorize?redirect_uri=" + redirect + "&authorization_code=" + code());

        Reply second = visitor.get("/authorize?redirect_uri=" + redirect + "&authorization_code=forged");

        assertThat(second.location()).isEqualTo(redirect);
        goesOn("web");
    }

    @ParameterizedTest
    @CsvSource({
        "/authorize?redirect_uri=https://app.example.com/chat/7&authorization_code=abc,https://app.example.com/chat/7?authorization_code=abc",
        "/authorize?redirect_uri=https://app.example.com/chat?a=1&b=2&authorization_code=abc,https://app.example.com/chat?a=1&b=2&authorization_code=abc",
        "/authorize?redirect_uri=https%3A%2F%2Fapp.example.com%2Fchat%3Fa%3D1%26authorization_code%3Dabc,https://app.example.com/chat?a=1&authorization_code=abc",
        "/authorize?redirect_uri=https://app.example.com/chat,https://app.example.com/chat"
    })
    void anAllowedChatIsGoneOnTo(String target, String location) throws Exception {
        Reply reply = visitor.get(target);

        assertThat(reply.status()).isEqualTo(303);
        assertThat(reply.location()).isEqualTo(location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "/%5Cevil.example",
                "https:evil.example",
                "https://evil.example/chat",
                "https://app.example.com.evil.example/chat",
                "https://app.example.com@evil.example/chat",
                "https://app.example.com:8443/chat",
                "https://app.example.com/chat/..%2Fx",
                "https://app.example.com/chat%09",
                "https://app.example.com/chat%0d%0aLocation:x",
                "https%3A%2F%2Fevil.example%2F",
                "https%253A%252F%252Fapp.example.com%252Fchat",
                "javascript:alert(1)",
                "/linked/guess",
                "",
                "https://app.example.com/chat&redirect_uri=https://evil.example"
            })
    void nobodyIsSentAnywhereElse(String redirect) throws Exception {
        Reply reply = visitor.get("/authorize?redirect_uri=" + redirect + "&authorization_code=abc");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.headers().map()).doesNotContainKey("location");
        assertThat(reply.body()).contains("<h1>").doesNotContain("abc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/../connect/x", "x/y", "guess"})
    void ourOwnPageMustBeOneThatWasHandedOut(String handle) throws Exception {
        Reply reply = visitor.get(
                "/authorize?redirect_uri=" + Deployments.base() + "/linked/" + handle + "&authorization_code=abc");

        assertThat(reply.status()).isEqualTo(400);
    }

    // Facebook

    @Test
    void messengerIsGivenButtonsReadyToSend() throws Exception {
        JsonObject answer = next("facebook");

        String page = link(answer);
        assertThat(page).startsWith(Deployments.base() + "/channels/facebook/");
        JsonObject logIn = answer.getJsonObject("buttons").getJsonObject("log_in");
        assertThat(logIn.getString("type")).isEqualTo("account_link");
        assertThat(logIn.getString("url")).isEqualTo(page);
        JsonObject payload = answer.getJsonObject("messages")
                .getJsonObject("log_in")
                .getJsonObject("attachment")
                .getJsonObject("payload");
        assertThat(payload.getString("template_type")).isEqualTo("button");
        assertThat(payload.getString("text")).contains("Mixin Messenger", "Ledger Bot");
        assertThat(payload.getJsonArray("buttons").getJsonObject(0)).isEqualTo(logIn);
        assertThat(answer.getJsonObject("buttons").getJsonObject("log_out").getString("type"))
                .isEqualTo("account_unlink");
    }

    @Test
    void aMessengerConversationGoesFromNotLinkedToLinkedToRejectedToLinkedToUnlinked() throws Exception {
        assertThat(next("facebook").getString("reason")).isEqualTo("not_linked");
        String code = ours(linkInMessenger(SandboxAccount.ALICE));

        webhook(linked(session, code));
        assertThat(works(goesOn("facebook"))).isTrue();
        JsonObject confirmed =
                BOT.grant("demo-mixin", subject).getJsonArray("history").getJsonObject(0);
        assertThat(confirmed.getString("event")).isEqualTo("confirmed");
        assertThat(confirmed.getString("actor")).isEqualTo("facebook");
        assertThat(next("facebook").getJsonObject("buttons")).containsOnlyKeys("log_out");

        revokeAtMixin(SandboxAccount.ALICE);
        assertThat(next("facebook").getString("reason")).isEqualTo("token_rejected");
        webhook(linked(session, code));
        assertThat(next("facebook").getString("reason")).as("the code was used").isEqualTo("not_linked");

        webhook(linked(session, ours(linkInMessenger(SandboxAccount.ALICE))));
        goesOn("facebook");

        webhook(unlinked(session));
        assertThat(next("facebook").getString("reason")).isEqualTo("not_linked");
        JsonObject ended =
                BOT.grant("demo-mixin", subject).getJsonArray("history").getJsonObject(1);
        assertThat(ended.getString("event")).isEqualTo("disconnected");
        assertThat(ended.getString("actor")).isEqualTo("facebook");
    }

    @Test
    void onlyTheRightCodeFromTheRightUserConfirms() throws Exception {
        String code = ours(linkInMessenger(SandboxAccount.ALICE));

        webhook(linked("somebody-else", code));
        webhook(linked(session, "made-up"));
        Reply forged = Http.at(Deployments.base())
                .with("X-Hub-Signature-256", "sha256=" + new Secret("not the app's").hmacSha256(linked(session, code)))
                .postJson("/notices/messenger-app/webhook", linked(session, code));

        assertThat(forged.status()).isEqualTo(403);
        assertThat(next("facebook").getString("reason")).isEqualTo("unconfirmed");
        webhook(linked(session, code));
        goesOn("facebook");
        webhook(unlinked("somebody-else"));
        goesOn("facebook");
    }

    @Test
    void whatIsGrantedInMessengerWaitsForItsWebhook() throws Exception {
        Parameters finish = query(linkInMessenger(SandboxAccount.ALICE));

        assertThat(finish.get("account_linking_token")).isEqualTo("ALT");
        assertThat(finish.get("authorization_code")).matches("[0-9A-Za-z]{43}");
        assertThat(next("facebook").getString("reason")).isEqualTo("unconfirmed");
        JsonObject access = BOT.access("demo-mixin", subject);
        assertThat(access.getString("status")).isEqualTo("unconfirmed");
        assertThat(access).doesNotContainKey("access_token");
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("unconfirmed");
        assertThat(BOT.grant("demo-mixin", subject)).containsKey("confirm_by");
    }

    @Test
    void messengerIsToldNothingWhenItsUserRefuses() throws Exception {
        Reply away = startInMessenger(link(next("facebook")));
        Reply callback = visitor.refuse(away.location());
        Reply outcome = visitor.get(visitor.get(callback.location()).location());
        Reply back = visitor.get(followed(outcome, "/oauth/return/"));

        String finish = visitor.get(back.location()).location();

        assertThat(finish).isEqualTo(messenger());
        assertThat(next("facebook").getString("reason")).isEqualTo("not_linked");
    }

    @Test
    void lookingAtTheLogInPageChangesNothing() throws Exception {
        String page = link(next("facebook")) + "?redirect_uri=" + encode(messenger()) + "&account_linking_token=ALT";
        for (String method : List.of("GET", "HEAD", "GET")) {
            Reply look = Http.at(Deployments.base()).send(method, page, "");
            assertThat(look.status()).isEqualTo(200);
            assertThat(look.setCookies()).isEmpty();
        }
        assertThat(visitor.get(page).body()).contains("Continue to Mixin Messenger");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?account_linking_token=ALT",
                "?redirect_uri=https%3A%2F%2Fevil.example%2F",
                "?redirect_uri=https%3A%2F%2Ffacebook.com.evil.example%2F",
                "?redirect_uri=http%3A%2F%2Fwww.facebook.com%2F",
                "?redirect_uri=https%3A%2F%2Fwww.facebook.com%2F&redirect_uri=https%3A%2F%2Fevil.example%2F"
            })
    void theLogInPageWorksInMessengerOnly(String query) throws Exception {
        String page = link(next("facebook"));

        Reply reply = visitor.get(page + query);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("Please open this in Messenger").doesNotContain("<form");
        String invitation = page.substring(page.lastIndexOf('/') + 1);
        Reply forced = visitor.post(
                "/channels/facebook", Map.of("invitation", invitation, "redirect_uri", "https://evil.example/"));
        assertThat(forced.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @MethodSource("devices")
    void theLogInPageIsOpenToEverybody(Device device) throws Exception {
        String page = link(next("facebook")) + "?redirect_uri=" + encode(messenger()) + "&account_linking_token=ALT";
        AuditedTab audited = browser.openForAudit(device);
        audited.go(page).sees("Ledger Bot asks for your permission").fits().screenshot("facebook-" + device.width());
        audited.axe();

        Tab tab = browser.open(device)
                .go(page)
                .press("Continue to Mixin Messenger")
                .press("Authorize");
        tab.page().waitForURL(address -> address.startsWith(messenger() + "&authorization_code="));
        audited.go(link(next("facebook")))
                .sees("Please open this in Messenger")
                .fits()
                .screenshot("facebook-outside-" + device.width());
        audited.axe();
    }

    static Stream<Named<Device>> devices() {
        return Stream.of(Named.of("phone in the dark", Device.SMALL_PHONE.dark()), Named.of("desktop", Device.DESKTOP));
    }

    @Test
    void anotherSiteCannotPressTheButton() throws Exception {
        String page = link(next("facebook"));

        Reply forged = Http.at(Deployments.base())
                .with("Sec-Fetch-Site", "cross-site")
                .postForm(
                        "/channels/facebook",
                        Map.of("invitation", page.substring(page.lastIndexOf('/') + 1), "redirect_uri", messenger()));

        assertThat(forged.status()).isEqualTo(403);
    }

    // Apple

    @Test
    void anAppleConversationGoesFromNotLinkedToLinkedToRejectedToLinkedToLoggedOut() throws Exception {
        JsonObject first = next("apple");
        assertThat(first.getString("reason")).isEqualTo("not_linked");
        JsonObject oauth2 = oauth2(first);
        assertThat(oauth2.getString("responseType")).isEqualTo("code");
        assertThat(oauth2.getString("redirectURI"))
                .isEqualTo(Deployments.base() + "/channels/apple/demo-mixin/callback");
        assertThat(oauth2.getString("state")).matches("[0-9A-Za-z]{43}");
        assertThat(strings(oauth2, "scope")).contains("ASSETS:READ", "SNAPSHOTS:READ");
        assertThat(first.toString()).doesNotContain("clientSecret");

        Reply closing = comeBack(oauth2, "code=" + code());
        assertThat(closing(visitor.get(closing.location())).attr("data-status")).isEqualTo("code_received");
        assertThat(works(goesOn("apple"))).isTrue();

        revokeAtMixin(SandboxAccount.ALICE);
        JsonObject rejected = next("apple");
        assertThat(rejected.getString("reason")).isEqualTo("token_rejected");
        comeBack(oauth2(rejected), "code=" + code());
        goesOn("apple");

        logOut("apple");
        assertThat(next("apple").getString("reason")).isEqualTo("not_linked");
    }

    @Test
    void anAppleStateWorksOnceAndAtItsOwnCallback() throws Exception {
        JsonObject oauth2 = oauth2(next("apple"));
        String state = oauth2.getString("state");

        assertThat(visitor.get("/channels/apple/other-mixin/callback?code=x&state=" + state)
                        .location())
                .endsWith("/outcome/unknown");
        assertThat(visitor.get("/channels/apple/nobody/callback?code=x&state=" + state)
                        .location())
                .endsWith("/outcome/unknown");
        assertThat(comeBack(oauth2, "code=" + code()).location()).contains("/linked/");
        assertThat(comeBack(oauth2, "code=forged").location()).endsWith("/outcome/unknown");
        goesOn("apple");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?code=x",
                "?state=x",
                "?code=x&state=guess",
                "?code=x&code=y&state=z",
                "?error=access_denied&state=x"
            })
    void anAppleCallbackThatNobodyStartedLeadsNowhere(String query) throws Exception {
        assertThat(visitor.get("/channels/apple/demo-mixin/callback" + query).location())
                .endsWith("/outcome/unknown");
    }

    @Test
    void whoRefusesInAppleMessagesIsUnlinked() throws Exception {
        JsonObject oauth2 = oauth2(next("apple"));

        Reply closing = comeBack(oauth2, "error=access_denied");

        assertThat(closing(visitor.get(closing.location())).attr("data-status")).isEqualTo("not_linked");
        assertThat(next("apple").getString("reason")).isEqualTo("not_linked");
    }

    @Test
    void aDeliveredTokenGoesFromDeliveredToRejectedToDeliveredToLoggedOut() throws Exception {
        deliver(tokenOfBob(), SCOPES);
        JsonObject going = next("apple");
        assertThat(going.getString("next")).isEqualTo("continue");
        assertThat(going.getJsonObject("account").getString("id")).isEqualTo(SandboxAccount.BOB.id);
        assertThat(going).containsKeys("expires_at", "verified_at");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();

        revokeAtMixin(SandboxAccount.BOB);
        assertThat(next("apple").getString("reason")).isEqualTo("token_rejected");
        assertThat(next("apple").getString("reason")).as("it was forgotten").isEqualTo("not_linked");

        deliver(tokenOfBob(), "PROFILE:READ");
        JsonObject lacking = next("apple");
        assertThat(lacking.getString("reason")).isEqualTo("missing_scopes");
        assertThat(strings(lacking.getJsonObject("missing"), "required"))
                .containsExactly("ASSETS:READ", "SNAPSHOTS:READ");
        deliver(tokenOfBob(), SCOPES);
        assertThat(next("apple").getString("next")).isEqualTo("continue");

        logOut("apple");
        assertThat(next("apple").getString("reason")).isEqualTo("not_linked");
    }

    @Test
    void aDeliveredTokenOfAnotherAccountThanTheExpectedOneIsForgotten() throws Exception {
        deliver(tokenOfBob(), SCOPES);

        JsonObject answer = ask("apple", body(", \"account\": \"" + SandboxAccount.ALICE.id + "\""));

        assertThat(answer.getString("reason")).isEqualTo("wrong_account");
        assertThat(state("apple").getBoolean("access_token_delivered")).isFalse();
    }

    @Test
    void aTokenIsNotDroppedWhileTheProviderIsAway() throws Exception {
        String who = "{\"connector\":\"standard\",\"subject\":\"" + subject + "\"";
        assertThat(BOT.send(
                                "PUT",
                                path("web") + "/access-token",
                                who + ",\"access_token\":\"delivered-token\",\"scope\":\"openid mail.read\"}")
                        .status())
                .isEqualTo(204);

        JsonObject answer = ask("web", who + "}");

        assertThat(answer.getString("next")).isEqualTo("continue");
        assertThat(answer.getString("access_token")).isEqualTo("delivered-token");
        assertThat(answer).doesNotContainKey("verified_at");
        Reply named = BOT.send("POST", path("web") + "/next", who + ",\"account\":\"somebody\"}");
        assertThat(named.status()).as("nobody knows whose it is").isEqualTo(503);
    }

    // Who may ask what

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            POST ~ /conversations/telegram/1/next ~ {"connector":"demo-mixin","subject":"a"} ~ 404 ~ -
            POST ~ /conversations/web/1/next ~ {"connector":"nobody","subject":"a"} ~ 400 ~ connector
            POST ~ /conversations/web/1/next ~ {"connector":"demo-mixin"} ~ 400 ~ subject
            POST ~ /conversations/web/1/next ~ {"connector":"demo-mixin","subject":"a","features":["flying"]} ~ 400 ~ features.0
            POST ~ /conversations/web/1/next ~ {"connector":"demo-mixin","subject":"a","return_to":"https://evil.example"} ~ 400 ~ return_to
            POST ~ /conversations/web/%0B/next ~ {"connector":"demo-mixin","subject":"a"} ~ 400 ~ id
            PUT ~ /conversations/web/1/auth-code ~ {"connector":"demo-mixin","subject":"a"} ~ 400 ~ code
            PUT ~ /conversations/web/1/auth-code ~ {"connector":"demo-mixin","subject":"a","code":""} ~ 400 ~ code
            PUT ~ /conversations/web/1/auth-code ~ {"connector":"demo-mixin","subject":"a","code":"|x"} ~ 400 ~ code
            PUT ~ /conversations/web/1/auth-code ~ {"connector":"demo-mixin","subject":"a","code":"x","redirect_uri":"x"} ~ 400 ~ redirect_uri
            PUT ~ /conversations/web/1/auth-code ~ {"connector":"demo-mixin","subject":"a","code":"x","redirect_uri":"x:#y"} ~ 400 ~ redirect_uri
            PUT ~ /conversations/web/1/access-token ~ {"connector":"demo-mixin","subject":"a","access_token":""} ~ 400 ~ access_token
            PUT ~ /conversations/web/1/access-token ~ {"connector":"demo-mixin","subject":"a","access_token":"x","expires_in":0} ~ 400 ~ expires_in
            PUT ~ /conversations/web/1/access-token ~ {"connector":"demo-mixin","subject":"a","access_token":"x","scope":""} ~ 400 ~ scope
            GET ~ /conversations/web/1 ~ - ~ 400 ~ connector
            GET ~ /conversations/web/1?connector=demo-mixin ~ - ~ 404 ~ -
            GET ~ /conversations/web/1?connector=nobody ~ - ~ 400 ~ connector
            DELETE ~ /conversations/web/1 ~ - ~ 400 ~ connector
            DELETE ~ /conversations/fax/1?connector=demo-mixin ~ - ~ 404 ~ -
            """)
    void whatCannotBeIsRefusedWithTheField(String method, String path, String json, int status, String field)
            throws Exception {
        Reply reply = json.equals("-") ? BOT.send(method, path, "") : BOT.send(method, path, json);

        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("Content-Type")).startsWith("application/problem+json");
        assertThat(Api.json(reply).getString("field", "-")).isEqualTo(field);
    }

    @Test
    void aKeyGetsWhatItsPermissionsAllow() throws Exception {
        JsonObject mere = Api.json(Api.withKey("status-only").send("POST", path("web") + "/next", body("")));
        assertThat(mere.getString("next")).isEqualTo("link");
        assertThat(mere).doesNotContainKeys("link", "redirect_uri");
        assertThat(Api.withKey("other-only")
                        .send("POST", path("web") + "/next", body(""))
                        .status())
                .isEqualTo(403);
        assertThat(Api.withKey("no-token")
                        .send(
                                "PUT",
                                path("web") + "/auth-code",
                                body(", \"code\": \"x\"").replace(",\"features\":[\"portfolio\"]", ""))
                        .status())
                .isEqualTo(403);
        assertThat(Api.withKey("no-token")
                        .send("DELETE", path("web") + "?connector=demo-mixin", "")
                        .status())
                .isEqualTo(403);

        finish(link(next("web")));
        JsonObject without = Api.json(Api.withKey("no-token").send("POST", path("web") + "/next", body("")));
        assertThat(without.getString("next")).isEqualTo("continue");
        assertThat(without).doesNotContainKey("access_token");
    }

    // Helpers

    private String path(String channel) {
        return "/conversations/" + channel + "/" + session;
    }

    private String body(String more) {
        return "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\""
                + (more.contains("\"scopes\"") ? "" : ",\"features\":[\"portfolio\"]") + more + "}";
    }

    private JsonObject next(String channel) throws Exception {
        return ask(channel, body(""));
    }

    private JsonObject ask(String channel, String body) throws Exception {
        Reply reply = BOT.send("POST", path(channel) + "/next", body);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Api.json(reply);
    }

    /** The token that the bot goes on with. */
    private String goesOn(String channel) throws Exception {
        JsonObject answer = next(channel);
        assertThat(answer.getString("next")).as(answer.toString()).isEqualTo("continue");
        assertThat(answer.getJsonObject("account").getString("id")).isEqualTo(SandboxAccount.ALICE.id);
        assertThat(answer).doesNotContainKeys("link", "reason");
        return answer.getString("access_token");
    }

    private static String link(JsonObject answer) {
        return answer.getJsonObject("link").getString("url");
    }

    private JsonObject state(String channel) throws Exception {
        Reply reply = BOT.get(path(channel) + "?connector=demo-mixin");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        return Api.json(reply);
    }

    private void keep(String channel, String code) throws Exception {
        Reply reply = BOT.send(
                "PUT",
                path(channel) + "/auth-code",
                "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"code\":\"" + code + "\"}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
    }

    private void deliver(String token, String scope) throws Exception {
        Reply reply = BOT.send(
                "PUT",
                path("apple") + "/access-token",
                "{\"connector\":\"demo-mixin\",\"subject\":\"" + subject + "\",\"access_token\":\"" + token
                        + "\",\"expires_in\":3600,\"scope\":\"" + scope + "\"}");
        assertThat(reply.status()).as(reply.body()).isEqualTo(204);
    }

    private void logOut(String channel) throws Exception {
        assertThat(BOT.send("DELETE", path(channel) + "?connector=demo-mixin", "")
                        .status())
                .isEqualTo(204);
    }

    /** A code that Alice gets at Mixin's consent page, without us. */
    private static String code() throws Exception {
        return code(CLIENT);
    }

    private static String code(String client) throws Exception {
        return Objects.requireNonNull(
                query(consent(SandboxAccount.ALICE, client)).get("code"));
    }

    private static String consent(SandboxAccount account, String client) throws Exception {
        return new Visitor()
                .allow(
                        "/sandbox/at/mixin/oauth/authorize?client_id=" + client + "&scope=" + encode(SCOPES)
                                + "&state=x",
                        account)
                .location();
    }

    /** A token of Bob's that the platform holds. */
    private static String tokenOfBob() throws Exception {
        String stand = "bob-" + UUID.randomUUID();
        new Visitor().finish(BOT.link("demo-mixin", stand), SandboxAccount.BOB);
        return BOT.access("demo-mixin", stand).getString("access_token");
    }

    private static boolean works(String token) throws Exception {
        Reply me = Http.at(Deployments.base())
                .with("Authorization", "Bearer " + token)
                .get("/sandbox/at/mixin/me");
        return Api.json(me).containsKey("data");
    }

    /** The whole trip: gives the page that closes. */
    private Reply finish(String link) throws Exception {
        return visitor.get(visitor.finish(link, SandboxAccount.ALICE).location());
    }

    /** What a user does in Mixin's settings; nobody tells us. */
    private static void revokeAtMixin(SandboxAccount account) throws Exception {
        Reply reply = new Visitor()
                .post("/sandbox/at/mixin/authorizations", Map.of("account", account.id, "client_id", CLIENT));
        assertThat(reply.status()).isEqualTo(303);
    }

    private static String messenger() {
        return Deployments.base() + "/messenger?account_linking_token=ALT";
    }

    /** Messenger opens the log-in page, and the user presses the button: the redirect to the provider. */
    private Reply startInMessenger(String page) throws Exception {
        Reply landing = visitor.get(page + "?redirect_uri=" + encode(messenger()) + "&account_linking_token=ALT");
        Reply on = visitor.submit(landing, "Continue to Mixin Messenger");
        assertThat(on.status()).isEqualTo(307);
        return visitor.post(on.location(), Map.of("invitation", page.substring(page.lastIndexOf('/') + 1)));
    }

    /** The whole trip in Messenger: gives the address that Messenger is sent back to. */
    private String linkInMessenger(SandboxAccount account) throws Exception {
        Reply away = startInMessenger(link(next("facebook")));
        Reply callback = visitor.allow(away.location(), account);
        return visitor.get(visitor.get(callback.location()).location()).location();
    }

    /** The one-time code that Messenger was given. */
    private static String ours(String finish) {
        return Objects.requireNonNull(query(finish).get("authorization_code"));
    }

    private static String linked(String psid, String code) {
        return notice(psid, "\"status\":\"linked\",\"authorization_code\":\"" + code + "\"");
    }

    private static String unlinked(String psid) {
        return notice(psid, "\"status\":\"unlinked\"");
    }

    private static String notice(String psid, String linking) {
        return "{\"object\":\"page\",\"entry\":[{\"id\":\"1\",\"messaging\":[{\"sender\":{\"id\":\"" + psid
                + "\"},\"recipient\":{\"id\":\"1\"},\"account_linking\":{" + linking + "}}]}]}";
    }

    /** Messenger calls, with its app's signature. */
    private static void webhook(String notice) throws Exception {
        Reply reply = Http.at(Deployments.base())
                .with("X-Hub-Signature-256", "sha256=" + new Secret(APP_SECRET).hmacSha256(notice))
                .postJson("/notices/messenger-app/webhook", notice);
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    }

    private Reply comeBack(JsonObject oauth2, String result) throws Exception {
        URI callback = URI.create(Deployments.base() + "/channels/apple/demo-mixin/callback");
        return visitor.get(callback + "?" + result + "&state=" + oauth2.getString("state"));
    }

    private static JsonObject oauth2(JsonObject answer) {
        return answer.getJsonObject("message")
                .getJsonObject("interactiveData")
                .getJsonObject("data")
                .getJsonObject("authenticate")
                .getJsonObject("oauth2");
    }

    /** What the closing page tells the chat. */
    private static Element closing(Reply page) {
        return Objects.requireNonNull(
                Jsoup.parse(page.body()).getElementById("linked"), () -> "no closing page but " + page.body());
    }

    /** The address of a link on a page. */
    private static String followed(Reply page, String path) {
        return Jsoup.parse(page.body(), Deployments.base())
                .select("a[href*=" + path + "]")
                .attr("abs:href");
    }

    private static Parameters query(String address) {
        return Parameters.parse(URI.create(address).getRawQuery());
    }

    private static List<String> strings(JsonObject json, String name) {
        JsonArray array = json.getJsonArray(name);
        return array.getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .toList();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
