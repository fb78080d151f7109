package dev.grantbook.it;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.Cookie;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.container.annotation.ArquillianTest;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.select.Elements;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console: who gets in, who may change what, and what administrators see. */
@ArquillianTest
@RunAsClient
class ConsoleIT {

    @RegisterExtension
    static final Browser browser = new Browser();

    private static final String PASSWORD = H2Suite.PASSWORD;
    private static final String COOKIE = "grantbook";
    private static final String PLANTED = "PlantedBySomebodyElse".repeat(3).substring(0, 43);
    private static final Api BOT = Api.withKey("all");

    private static final Map<String, Visitor> SIGNED_IN = new HashMap<>();

    /** What a network may ask for in a minute. */
    private static final int ANONYMOUS = 120;

    private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");
    private static final List<String> BUTTONS =
            List.of("leave:no", "disconnect:yes", "subject:export", "enter:go", "keys:no");

    private final String subject = "subject-" + UUID.randomUUID();

    @Deployment(testable = false)
    static WebArchive war() throws Exception {
        return H2Suite.war();
    }

    static Map<String, String> configuration() {
        return Map.of(
                // The test stands in for a proxy, so that every test has an address of its own.
                "grantbook.trusted-proxies",
                "127.0.0.1,::1,0:0:0:0:0:0:0:1",
                "grantbook.anonymous.per-minute",
                String.valueOf(ANONYMOUS));
    }

    // Getting in

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console",
                "/console/grants",
                "/console/grants/x",
                "/console/installations",
                "/console/connectors",
                "/console/deliveries",
                "/console/administrators",
                "/console/keys",
                "/console/audit",
                "/console/sessions",
                "/console/nothing"
            })
    void withoutSigningInThereIsOnlyTheSignInPage(String path) throws Exception {
        Reply reply = new Visitor().get(path);
        assertThat(reply.status()).isBetween(301, 303);
        assertThat(reply.location())
                .endsWith(
                        path.equals("/console")
                                ? "/sign-in"
                                : "/sign-in?to=" + URLEncoder.encode(path, StandardCharsets.UTF_8));
        isFencedIn(reply);
    }

    private static void isFencedIn(Reply reply) {
        assertThat(reply.header("Content-Security-Policy")).startsWith("default-src 'none'");
        assertThat(reply.header("X-Frame-Options")).isEqualTo("DENY");
        assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    @DisplayName("4.14 What the server answers before a filter sees it carries our headers too")
    void theServersOwnRepliesCarryTheHeaders() throws Exception {
        Visitor auditor = signedIn("auditor");
        Reply refused = auditor.get("/console/administrators");
        assertThat(refused.status()).isEqualTo(403);
        isFencedIn(refused);
        isFencedIn(new Visitor().get("/console/"));
        isFencedIn(new Visitor().post("/console/grants", Map.of("x", "y")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/sign-in", "/nothing", "/console", "/assets/grantbook.css", "/health", "/oauth/callback/x"
            })
    @DisplayName("4.11 No reply names the server or its version")
    void noReplyNamesTheServer(String path) throws Exception {
        Reply reply = new Visitor().get(path);
        assertThat(reply.headers().map()).doesNotContainKeys("server", "x-powered-by");
        assertThat(reply.body()).doesNotContainIgnoringCase("payara").doesNotContainIgnoringCase("jersey");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/oauth", "/channels", "/notices", "/sandbox/at"})
    @DisplayName("4.11 There is no WADL")
    void thereIsNoWadl(String root) throws Exception {
        assertThat(new Visitor().get(root + "/application.wadl").status()).isEqualTo(404);
        Reply options = Http.at(Deployments.base())
                .with("Accept", "application/vnd.sun.wadl+xml")
                .send("OPTIONS", root + "/x", "");
        assertThat(options.body()).doesNotContain("wadl");
    }

    @Test
    @DisplayName("5.4 A link into the console leads there after signing in, and never elsewhere")
    void aLinkIntoTheConsoleLeadsThere() throws Exception {
        Visitor visitor = new Visitor("192.0.2.31");
        Reply page =
                visitor.get(visitor.get("/console/grants?text=a%20b&size=50").location());
        assertThat(enter(visitor, page, "admin", PASSWORD).location())
                .isEqualTo(Deployments.base() + "/console/grants?text=a%20b&size=50");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/console",
                "//evil.example/console",
                "/console//evil.example",
                "/console@evil.example",
                "/console\\@evil.example",
                "/console/../oauth/start",
                "/consoles",
                "/console?a=%zz",
                "/console?a={b}"
            })
    @DisplayName("5.4 A link to anywhere but the console leads to its first page")
    void aLinkElsewhereLeadsToTheFirstPage(String target) throws Exception {
        Visitor visitor = new Visitor("192.0.2.32");
        Reply page = visitor.get("/sign-in?to=" + URLEncoder.encode(target, StandardCharsets.UTF_8));
        assertThat(enter(visitor, page, "admin", PASSWORD).location()).isEqualTo(Deployments.base() + "/console");
    }

    @Test
    @DisplayName("5.4 A failed sign-in keeps the name, and the page that was asked for")
    void aFailedSignInKeepsTheName() throws Exception {
        Visitor visitor = new Visitor("192.0.2.33");
        Reply failed = enter(visitor, visitor.get("/sign-in?to=%2Fconsole%2Faudit"), "admin", "wrong password");
        isRefused(failed);
        assertThat(Jsoup.parse(failed.body()).select("input[type=text]").val()).isEqualTo("admin");
        assertThat(failed.body()).doesNotContain("wrong password");
        assertThat(enter(visitor, failed, "admin", PASSWORD).location()).endsWith("/console/audit");
    }

    private static Reply enter(Visitor visitor, Reply page, String name, String password) throws Exception {
        return visitor.submit(
                page, "Sign in", Map.of("enter:name", List.of(name), "enter:password", List.of(password)));
    }

    /** Signs in once for all tests, since checking a password is slow by design. */
    private static Visitor signedIn(String name) throws Exception {
        Visitor known = SIGNED_IN.get(name);
        if (known == null) {
            known = new Visitor("192.0.2.40");
            known.signIn(name, PASSWORD);
            SIGNED_IN.put(name, known);
        }
        return known;
    }

    private static void isRefused(Reply signIn) {
        assertThat(signIn.status()).isEqualTo(200);
        assertThat(signIn.body()).contains("do not match");
    }

    @Test
    @DisplayName("4.9 Of sign-ins that come at once no more are checked than may fail, whatever addresses they claim")
    void signInsAtOnceAreCountedBeforeTheyAreChecked() throws Exception {
        String address = "192.0.2.34";
        // What stands in front of the trusted proxy's own count is still one address.
        List<Callable<Reply>> guesses = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            Visitor guesser = new Visitor("203.0.113." + i + ", " + address);
            guesses.add(() -> guesser.signIn("nobody-" + UUID.randomUUID(), "wrong password"));
        }
        ExecutorService pool = Executors.newFixedThreadPool(20);
        try {
            for (Future<Reply> guess : pool.invokeAll(guesses)) {
                isRefused(guess.get());
            }
        } finally {
            pool.shutdown();
        }
        assertThat(Jsoup.parse(signedIn("admin").get("/console/audit").body()).select("td:contains(" + address + ")"))
                .hasSizeBetween(1, 20);
        isRefused(new Visitor("198.51.100.1, " + address).signIn("admin", PASSWORD));
        assertThat(new Visitor("192.0.2.35").signIn("admin", PASSWORD).location())
                .endsWith("/console");
    }

    @ParameterizedTest
    @CsvSource({
        "admin, /console/nothing, 404",
        "admin, /console/grants/gone, 404",
        "admin, /console/subject, 404",
        "admin, /console/problem, 404",
        "auditor, /console/administrators, 403"
    })
    @DisplayName("5.4 A page that is not there, or not for them, leaves administrators their navigation")
    void whoIsLostFindsTheWay(String name, String path, int status) throws Exception {
        Visitor visitor = new Visitor("192.0.2.36");
        visitor.signIn(name, PASSWORD);

        Reply lost = visitor.get(path);

        assertThat(lost.status()).isEqualTo(status);
        Document page = Jsoup.parse(lost.body());
        assertThat(page.select("nav a[href='/console/grants']")).hasSize(1);
        assertThat(page.select("nav a[href='/console/administrators']")).hasSize(name.equals("admin") ? 1 : 0);
        assertThat(page.text()).contains("Signed in as " + name);
        assertThat(visitor.submit(lost, "Sign out").location()).endsWith("/sign-in");
    }

    @Test
    void theSessionIsNewAfterSigningIn() throws Exception {
        Visitor visitor = new Visitor("192.0.2.1");
        visitor.cookies().put(COOKIE, PLANTED);
        visitor.signIn("admin", PASSWORD);
        assertThat(visitor.cookies().get(COOKIE)).isNotEqualTo(PLANTED);
        assertThat(visitor.get("/console").status()).isEqualTo(200);

        Visitor other = new Visitor("192.0.2.1");
        other.cookies().put(COOKIE, PLANTED);
        assertThat(other.get("/console").location()).endsWith("/sign-in");
    }

    @Test
    void theSessionCookieIsKeptFromScriptsAndOtherSites() throws Exception {
        Reply signedIn = new Visitor("192.0.2.2").signIn("admin", PASSWORD);
        assertThat(signedIn.setCookies())
                .anySatisfy(cookie -> assertThat(cookie)
                        .startsWith(COOKIE + "=")
                        .contains("HttpOnly")
                        .containsIgnoringCase("SameSite=Lax"));
    }

    @Test
    void nobodyLearnsWhichNamesExist() throws Exception {
        Reply unknown = new Visitor("192.0.2.3").signIn("nobody", PASSWORD);
        Reply wrong = new Visitor("192.0.2.3").signIn("admin", "wrong password");
        isRefused(unknown);
        isRefused(wrong);
        assertThat(alerts(unknown)).isEqualTo(alerts(wrong)).isNotEmpty();
    }

    @Test
    void signingOutEndsTheSession() throws Exception {
        Visitor visitor = new Visitor("192.0.2.6");
        visitor.signIn("admin", PASSWORD);
        String session = visitor.cookies().get(COOKIE);
        visitor.submit(visitor.get("/console"), "Sign out");
        Visitor thief = new Visitor("192.0.2.6");
        thief.cookies().put(COOKIE, session);
        assertThat(thief.get("/console").location()).endsWith("/sign-in");
    }

    @Test
    @DisplayName("4.3 The page to sign in at makes no session, however often it is asked for")
    void theSignInPageMakesNoSession() throws Exception {
        for (String page : List.of("/sign-in", "/sign-in?failed")) {
            Reply reply = new Visitor("192.0.2.20").get(page);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.setCookies()).isEmpty();
            assertThat(reply.body()).contains("value=\"stateless\"");
        }
    }

    @Test
    void noAddressOpensASessionOfTheServer() throws Exception {
        Visitor admin = signedIn("admin");
        var addresses = new ArrayList<>(EveryRoute.all());
        addresses.add("/console/grants/" + grant());
        for (String address : addresses) {
            // Each from an address of its own: no limit hides a page.
            Visitor anybody = new Visitor(Malformed.anAddress());
            for (Reply reply : List.of(
                    anybody.get(address),
                    anybody.post(address, Map.of("jakarta.faces.ViewState", "stateless")),
                    admin.get(address))) {
                assertThat(reply.setCookies())
                        .as("%s %s", address, reply.status())
                        .noneMatch(cookie -> cookie.startsWith("JSESSIONID"));
            }
        }
        assertThat(admin.cookies().keySet()).containsExactly(COOKIE);
    }

    @Test
    void whoeverTriesTokensSpendsTheBudgetOfStrangers() throws Exception {
        Visitor guesser = new Visitor("198.51.100.30");
        guesser.cookies().put(COOKIE, PLANTED);
        int asked = 0;
        while (guesser.get("/console").status() != 429) {
            assertThat(++asked).isLessThan(3000);
        }
        assertThat(asked).isGreaterThanOrEqualTo(ANONYMOUS);
    }

    @ParameterizedTest(name = "4.3 A network that asks for {0} without end gets 429, others and known keys do not")
    @CsvSource({
        "/sign-in,                                   198.51.100.20, 198.51.100.20",
        "/oauth/start/demo-mixin,                    198.51.100.21, 198.51.100.21",
        "/oauth/callback/demo-mixin?state=x&code=y,  198.51.100.22, 198.51.100.22",
        "/oauth/callback/demo-mixin,                 198.51.100.23, 198.51.100.23",
        "/api/v1/grants,                             198.51.100.24, 198.51.100.24",
        "/api/v1/grants,                             2001:db8::1,   2001:db8::ffff:1"
    })
    void anonymousWorkHasABudget(String target, String address, String neighbour) throws Exception {
        Http attacker = Http.at(Deployments.base()).with("Authorization", "Bearer wrong");
        Http bot = Http.at(Deployments.base())
                .with("Authorization", "Bearer key-all")
                .with("X-Forwarded-For", address);
        assertThat(bot.get("/api/v1/grants").status()).isEqualTo(200);
        int lines = Deployments.log().length();
        Reply reply = attacker.with("X-Forwarded-For", address).get(target);
        int asked = 1;
        for (; reply.status() != 429 && asked < 3000; asked++) {
            reply = attacker.with("X-Forwarded-For", address).get(target);
        }

        assertThat(reply.status()).isEqualTo(429);
        assertThat(asked).isGreaterThan(ANONYMOUS);
        assertThat(Integer.parseInt(reply.header("Retry-After"))).isBetween(1, 60);
        // The budget fills up again meanwhile, by two in a second; a neighbour with one of its own would get all of it.
        Reply next = attacker.with("X-Forwarded-For", neighbour).get(target);
        for (int more = 1; next.status() != 429 && more < ANONYMOUS; more++) {
            next = attacker.with("X-Forwarded-For", neighbour).get(target);
        }
        assertThat(next.status()).isEqualTo(429);
        assertThat(attacker.with("X-Forwarded-For", "198.51.100.99").get(target).status())
                .isNotEqualTo(429);
        assertThat(bot.get("/api/v1/grants").status()).isEqualTo(200);
        assertThat(Deployments.log().length() - lines).as("characters of log").isLessThan(asked * 500);
    }

    // Sessions

    @Test
    void aFormIsTakenWithTheTokenOfItsSessionOnly() throws Exception {
        Visitor admin = signedIn("admin");
        String path = "/console/grants/" + grant();
        Map<String, String> form = disconnect(admin.get(path));
        var withoutToken = new HashMap<>(form);
        withoutToken.remove("csrf-token");
        var cut = new HashMap<>(form);
        cut.merge("csrf-token", "", (token, nothing) -> token.substring(1));

        for (Map<String, String> refused :
                List.of(withoutToken, cut, disconnect(signedIn("auditor").get("/console")))) {
            Reply reply = admin.post(path, refused);
            assertThat(reply.status()).isBetween(301, 303);
            assertThat(reply.location()).isEqualTo(Deployments.base() + path);
        }
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("active");
        admin.post(path, form);
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("revoked");
    }

    @Test
    void signingInAgainEndsTheSessionBefore() throws Exception {
        Visitor visitor = new Visitor("192.0.2.50");
        visitor.signIn("auditor", PASSWORD);
        Visitor before = holding(visitor.cookies().get(COOKIE));
        assertThat(before.get("/console").status()).isEqualTo(200);

        visitor.signIn("auditor", PASSWORD);

        assertThat(visitor.get("/console").status()).isEqualTo(200);
        assertThat(before.get("/console").location()).endsWith("/sign-in");
    }

    @Test
    void aNewPasswordEndsTheOtherSessionsAndRenewsThisOne() throws Exception {
        String name = "pat-" + UUID.randomUUID().toString().substring(0, 8);
        String password = added(name);
        Visitor here = new Visitor("192.0.2.51");
        here.signIn(name, password);
        Visitor before = holding(here.cookies().get(COOKIE));
        Visitor elsewhere = new Visitor("192.0.2.51");
        elsewhere.signIn(name, password);
        String next = "another correct battery";

        Reply changed = here.submit(
                here.get("/console/password"),
                "Change password",
                Map.of(
                        "change:old", List.of(password),
                        "change:fresh", List.of(next),
                        "change:again", List.of(next)));

        assertThat(here.get(changed.location()).body()).contains("Your password was changed.");
        assertThat(here.get(changed.location()).body()).as("said once").doesNotContain("Your password was changed.");
        assertThat(before.get("/console").location()).endsWith("/sign-in");
        assertThat(elsewhere.get("/console").location()).endsWith("/sign-in");
        assertThat(new Visitor("192.0.2.51").signIn(name, next).location()).endsWith("/console");
    }

    @Test
    void whoIsRemovedIsOutAtOnce() throws Exception {
        String name = "rob-" + UUID.randomUUID().toString().substring(0, 8);
        Visitor removed = new Visitor("192.0.2.52");
        removed.signIn(name, added(name));
        assertThat(removed.get("/console").status()).isEqualTo(200);
        Visitor admin = signedIn("admin");
        Reply page = admin.get("/console/administrators");
        Element row = Jsoup.parse(page.body()).expectFirst("tr:contains(" + name + ")");
        String button = row.expectFirst("input[value=Remove]").attr("name");

        admin.post(
                "/console/administrators",
                Map.of(
                        "list",
                        "list",
                        button,
                        "Remove",
                        "jakarta.faces.ViewState",
                        "stateless",
                        "csrf-token",
                        formToken(page)));

        assertThat(removed.get("/console").location()).endsWith("/sign-in");
    }

    @Test
    void everybodyEndsTheirOwnSessionsAndAdminsAll() throws Exception {
        Visitor auditor = new Visitor("192.0.2.53");
        auditor.signIn("auditor", PASSWORD);
        Visitor other = new Visitor("192.0.2.54");
        other.signIn("auditor", PASSWORD);
        Visitor admin = new Visitor("192.0.2.55");
        admin.signIn("admin", PASSWORD);
        Reply own = auditor.get("/console/sessions");

        assertThat(own.body()).contains("192.0.2.54").doesNotContain("192.0.2.55");
        String elsewhere = session(own, "192.0.2.54");
        assertThat(auditor.get(auditor.post("/console/sessions", ending(own, elsewhere))
                                .location())
                        .body())
                .contains("The session has ended.");
        assertThat(other.get("/console").location()).endsWith("/sign-in");

        Visitor victim = new Visitor("192.0.2.56");
        victim.signIn("admin", PASSWORD);
        String foreign = session(admin.get("/console/sessions"), "192.0.2.56");
        assertThat(auditor.post("/console/sessions", ending(own, foreign)).status())
                .isEqualTo(403);
        assertThat(victim.get("/console").status()).isEqualTo(200);

        Reply all = admin.get("/console/sessions");
        admin.post("/console/sessions", ending(all, session(all, "192.0.2.53")));
        assertThat(auditor.get("/console").location()).endsWith("/sign-in");
        assertThat(Jsoup.parse(admin.get("/console/audit").body()).select("tr:contains(Session ended)"))
                .extracting(Element::text)
                .anyMatch(line -> line.contains("auditor auditor"))
                .anyMatch(line -> line.contains("admin auditor"));
    }

    @ParameterizedTest
    @MethodSource("screens")
    void sessionsAreListedAndEndedOnAnyScreen(Device device) throws Exception {
        boolean chinese = device.locale().startsWith("zh");
        String name = "sam-" + UUID.randomUUID().toString().substring(0, 8);
        String password = added(name);
        Visitor elsewhere = new Visitor("192.0.2.57");
        elsewhere.signIn(name, password);
        AuditedTab tab = browser.openForAudit(device);
        tab.go("/sign-in?to=%2Fconsole%2Fsessions")
                .fill(chinese ? "名称" : "Name", name)
                .fill(chinese ? "密码" : "Password", password)
                .press(chinese ? "登录" : "Sign in")
                .sees("192.0.2.57")
                .sees(chinese ? "本会话" : "This session")
                .fits()
                .screenshot("console-sessions-" + device.locale() + "-" + device.width());
        tab.axe();

        tab.press(chinese ? "结束我的所有其他会话" : "End all my other sessions")
                .sees(chinese ? "已结束你的 1 个其他会话。" : "Your other session has ended.")
                .seesNo("192.0.2.57");

        tab.axe();
        assertThat(elsewhere.get("/console").location()).endsWith("/sign-in");
    }

    /** A browser that has this cookie. */
    private static Visitor holding(@Nullable String token) {
        Visitor visitor = new Visitor("192.0.2.58");
        visitor.cookies().put(COOKIE, requireNonNull(token));
        return visitor;
    }

    /** Adds an auditor: the password. */
    private static String added(String name) throws Exception {
        Visitor admin = signedIn("admin");
        Reply page = admin.get("/console/administrators");
        Reply added = admin.submit(page, "Add an administrator", Map.of(nameField(page), List.of(name)));
        return Jsoup.parse(admin.get(added.location()).body())
                .expectFirst(".notice code")
                .text();
    }

    /** The id of the session that was opened from an address. */
    private static String session(Reply list, String address) {
        return Jsoup.parse(list.body())
                .expectFirst("tr:contains(" + address + ") button[name=end]")
                .val();
    }

    private static Map<String, String> ending(Reply page, String id) {
        return Map.of("list", "list", "end", id, "jakarta.faces.ViewState", "stateless", "csrf-token", formToken(page));
    }

    // Changing

    @Test
    void anotherSiteCannotActInTheConsole() throws Exception {
        Visitor admin = signedIn("admin");
        String id = grant();
        Reply page = admin.get("/console/grants/" + id);
        for (Map.Entry<String, String> header : Map.of("Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example")
                .entrySet()) {
            Reply refused = Http.at(Deployments.base())
                    .with("Cookie", COOKIE + "=" + admin.cookies().get(COOKIE))
                    .with(header.getKey(), header.getValue())
                    .postForm("/console/grants/" + id, disconnect(page));
            assertThat(refused.status()).isEqualTo(403);
        }
        Reply withoutState = Http.at(Deployments.base())
                .with("Cookie", COOKIE + "=" + admin.cookies().get(COOKIE))
                .with("Sec-Fetch-Site", "same-origin")
                .postForm("/console/grants/" + id, Map.of("disconnect", "disconnect", "disconnect:yes", ""));
        assertThat(withoutState.status()).isLessThan(500);
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("active");
    }

    @Test
    void anAuditorSeesEverythingAndChangesNothing() throws Exception {
        Visitor auditor = signedIn("auditor");
        String id = grant();
        Reply page = auditor.get("/console/grants/" + id);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains(subject).doesNotContain("disconnect:yes");
        auditor.post("/console/grants/" + id, disconnect(page));
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("active");
        assertThat(auditor.get("/console/administrators").status()).isEqualTo(403);
        assertThat(auditor.get("/console/audit").status()).isEqualTo(200);
    }

    @Test
    void tokensAreNeverShown() throws Exception {
        Visitor admin = signedIn("admin");
        String id = grant();
        String token = BOT.access("demo-mixin", subject).getString("access_token");
        for (String path : List.of("/console", "/console/grants?text=" + subject, "/console/grants/" + id)) {
            Reply page = admin.get(path);
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.body()).doesNotContain(token);
        }
    }

    @Test
    void theListIsFilteredAndPaged() throws Exception {
        Visitor admin = signedIn("admin");
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.BOB, "SNAPSHOTS:READ");
        assertThat(admin.get("/console/grants?text=" + subject).body()).contains(subject, "Bob");
        assertThat(admin.get("/console/grants?text=" + subject + "&missing=SNAPSHOTS:READ")
                        .body())
                .contains("Bob");
        assertThat(admin.get("/console/grants?text=" + subject + "&held=SNAPSHOTS:READ")
                        .body())
                .doesNotContain("<td");
        assertThat(admin.get("/console/grants?text=" + subject + "&status=revoked")
                        .body())
                .doesNotContain("<td");
        assertThat(admin.get("/console/grants?connector=nobody&status=dead&size=7&after=x")
                        .status())
                .isEqualTo(200);
        assertThat(admin.get("/console/grants?text=%00").status()).isLessThan(500);
    }

    @Test
    void aNameIsLockedAfterRepeatedFailures() throws Exception {
        Visitor admin = signedIn("admin");
        String name = "clerk";
        Reply page = admin.get("/console/administrators");
        Reply added = admin.submit(page, "Add an administrator", Map.of(nameField(page), List.of(name)));
        Reply shown = added.status() == 200 ? added : admin.get(added.location());
        String password = Jsoup.parse(shown.body()).select("code, .code, output").stream()
                .map(element -> element.text().trim())
                .filter(text -> text.matches("[0-9A-Za-z]{16,}"))
                .findFirst()
                .orElseThrow(() -> new AssertionError(Jsoup.parse(shown.body()).text()));
        assertThat(new Visitor("192.0.2.12").signIn(name, password).location()).endsWith("/console");
        for (int i = 0; i < 5; i++) {
            new Visitor("192.0.2.13").signIn(name, "wrong password");
        }
        isRefused(new Visitor("192.0.2.14").signIn(name, password));
        assertThat(admin.get("/console/audit").body()).contains("Name locked");
    }

    @Test
    void aKeyIsRotatedWhileTokensAreInUse() throws Exception {
        Visitor admin = signedIn("admin");

        String token = rotate(admin);

        String keys = admin.get("/console/keys").body();
        assertThat(keys.contains("Some values can only be opened with this key."))
                .as("the old key is kept with a reason, or can be dropped")
                .isNotEqualTo(keys.contains("Drop…"));
        assertThat(BOT.access("demo-mixin", subject).getString("access_token")).isEqualTo(token);
        assertThat(admin.get("/console/audit").body()).contains("Key added", "Key made primary");
    }

    @Tag("nightly")
    @Test
    void anOldKeyIsDroppedOnceEverythingIsSealedAgain() throws Exception {
        Visitor admin = signedIn("admin");

        String token = rotate(admin);

        // The server's own clock says when; nothing of it can be moved from here.
        Patience.until(
                () -> {
                    Reply keys = admin.get("/console/keys");
                    if (keys.body().contains("Drop…")) {
                        admin.submit(keys, "Drop");
                    }
                    return keys(admin);
                },
                keys -> keys == 1);
        assertThat(BOT.access("demo-mixin", subject).getString("access_token")).isEqualTo(token);
        assertThat(admin.get("/console/audit").body()).contains("Key dropped");
    }

    private static int keys(Visitor admin) throws Exception {
        return Jsoup.parse(admin.get("/console/keys").body()).select("tbody tr").size();
    }

    /** Brings a new key into use, unless the last rotation still goes on: the token. */
    private String rotate(Visitor admin) throws Exception {
        grant();
        String token = BOT.access("demo-mixin", subject).getString("access_token");
        if (keys(admin) == 1) {
            admin.submit(admin.get("/console/keys"), "Add a key");
            admin.submit(admin.get("/console/keys"), "Make primary");
            assertThat(BOT.access("demo-mixin", subject).getString("access_token"))
                    .isEqualTo(token);
        }
        return token;
    }

    @Test
    void anAuditorSeesTheKeysAndRotatesNone() throws Exception {
        Visitor auditor = signedIn("auditor");
        Reply page = auditor.get("/console/keys");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("primary: seals new values").doesNotContain("Add a key");
    }

    @Test
    void theConnectorsFileIsReadAgainByAnAdminAndByNoAuditor() throws Exception {
        Visitor admin = signedIn("admin");

        admin.submit(admin.get("/console/connectors"), "Read the file again");

        assertThat(admin.get("/console/connectors").body())
                .contains("The file was read. What changed: 0 connectors, 0 API keys.");
        assertThat(admin.get("/console/audit").body()).contains("Connectors file read again");
        assertThat(signedIn("auditor").get("/console/connectors").body()).doesNotContain("Read the file again");
    }

    @Test
    @DisplayName("1.4 1.1 An unconfirmed grant waits for the code, and no dialog promises to tell who cannot be told")
    void anUnconfirmedGrantWaitsForTheCode() throws Exception {
        Visitor admin = signedIn("admin");
        new Visitor().finish(BOT.link("by-code", subject), SandboxAccount.ALICE);
        String id = BOT.grant("by-code", subject).getString("id");

        Reply page = admin.get("/console/grants/" + id);

        assertThat(Jsoup.parse(page.body()).select(".cards .chip").eachText()).containsExactly("Waits for the code");
        assertThat(page.body()).contains("Mixin Messenger cannot be told").doesNotContain("provider is told");
        BOT.send("DELETE", "/grants/" + id, "");
        assertThat(Jsoup.parse(admin.get("/console/grants/" + id).body())
                        .select(".facts")
                        .text())
                .contains("It was not told", "Settings > Privacy > Authorization");
    }

    @Test
    void aChatUserIsExportedAndErased() throws Exception {
        Visitor admin = signedIn("admin");
        String id = grant();
        String token = BOT.access("demo-mixin", subject).getString("access_token");

        Reply export = admin.submit(admin.get("/console/grants/" + id), "Export as JSON");
        assertThat(export.status()).isEqualTo(200);
        assertThat(export.body())
                .contains(subject, "Alice", "\"sealed\":[\"access_token\"]")
                .doesNotContain(token);
        Reply told = BOT.get("/subjects/" + subject);
        assertThat(told.body()).contains("Alice").doesNotContain(token);
        for (Reply file : List.of(export, told)) {
            assertThat(file.headers().firstValue("Content-Disposition"))
                    .hasValue("attachment; filename=\"subject.json\"");
        }

        admin.submit(admin.get("/console/grants/" + id), "Erase");
        assertThat(admin.get("/console/grants/" + id).status()).isEqualTo(404);
        assertThat(BOT.get("/subjects/" + subject).body()).doesNotContain("Alice");
        assertThat(admin.get("/console/audit").body()).contains("Chat user exported", "Chat user erased");
    }

    /** What there is of them is a link. */
    @Test
    void aChatUserWhoGrantedNothingIsExportedAndErased() throws Exception {
        String odd = "users/" + subject;
        BOT.link("demo-mixin", odd);
        String list = "/console/grants?connector=demo-mixin&text=users%2F" + subject;
        String page = "/console/subject?connector=demo-mixin&subject=users%2F" + subject;
        Visitor admin = signedIn("admin");
        Visitor auditor = signedIn("auditor");

        assertThat(admin.get(list).body()).contains(page.replace("&", "&amp;"));
        assertThat(auditor.get(list).body()).doesNotContain("/console/subject");
        assertThat(auditor.get(page).body()).contains(odd).doesNotContain("Erase");
        assertThat(admin.submit(admin.get(page), "Export as JSON").body())
                .contains("\"subject\":\"" + odd + "\"", "\"invitations\":[{");

        admin.submit(admin.get(page), "Erase");

        assertThat(admin.get("/console/grants").body()).contains("Keep this number as the proof");
        assertThat(BOT.get("/subjects?subject=" + odd).body()).contains("\"invitations\":[]");
        assertThat(admin.get("/console/audit").body()).contains("Chat user exported", "Chat user erased");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?connector=demo-mixin", "?connector=none&subject=alice", "?subject=alice"})
    void nobodyInParticularHasNoPage(String query) throws Exception {
        Visitor admin = signedIn("admin");

        assertThat(admin.get("/console/subject" + query).status()).isEqualTo(404);
    }

    /** Two bots may use the same words for two people. */
    @Test
    void aChatUserOfAnotherBotIsNotMeant() throws Exception {
        Visitor admin = signedIn("admin");
        String id = grant();
        new Visitor().finish(BOT.link("other-mixin", subject), SandboxAccount.BOB);
        new Visitor().finish(BOT.link("by-code", subject), SandboxAccount.BOB);
        String onlyOther = "/subjects/" + subject + "?connector=other-mixin";

        Reply export = admin.submit(admin.get("/console/grants/" + id), "Export as JSON");
        assertThat(export.body()).contains("Alice").doesNotContain("Bob");
        admin.submit(admin.get("/console/grants/" + id), "Erase");
        assertThat(BOT.grants("demo-mixin", subject).getJsonArray("grants")).isEmpty();
        assertThat(BOT.get(onlyOther).body()).contains("Bob").doesNotContain("by-code", "Alice");

        assertThat(BOT.send("DELETE", onlyOther, "").body()).contains("\"erased\":3");
        assertThat(BOT.grants("other-mixin", subject).getJsonArray("grants")).isEmpty();
        assertThat(BOT.grants("by-code", subject).getJsonArray("grants")).hasSize(1);
    }

    @Test
    void aConnectorThatIsNoneIsNotTakenForAnEmptyOne() throws Exception {
        Reply slip = BOT.send("DELETE", "/subjects/" + subject + "?connector=demo-mixn", "");
        Reply notItsOwn =
                Api.withKey("other-only").send("DELETE", "/subjects/" + subject + "?connector=demo-mixin", "");

        assertThat(slip.status()).isEqualTo(400);
        assertThat(Api.json(slip).getString("field")).isEqualTo("connector");
        assertThat(notItsOwn.status()).isEqualTo(403);
    }

    @Test
    void aBotErasesItsChatUser() throws Exception {
        grant();
        assertThat(BOT.send("DELETE", "/subjects/" + subject, "").body()).contains("\"erased\":3");
        assertThat(BOT.send("DELETE", "/subjects/" + subject, "").body()).isEqualTo("{\"erased\":0}");
        assertThat(BOT.get("/grants?subject=" + subject).body()).isEqualTo("{\"grants\":[]}");
    }

    // In the browser

    @Test
    void anAdministratorFindsAUserAndDisconnects() throws Exception {
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE, "CONTACTS:READ");
        AuditedTab tab = browser.openForAudit(Device.DESKTOP);
        tab.go("/sign-in").fits();
        tab.axe();
        tab.fill("Name", "admin").fill("Password", PASSWORD).press("Sign in").sees("Signed in as admin");
        for (String path : List.of(
                "/console",
                "/console/installations",
                "/console/connectors",
                "/console/deliveries",
                "/console/administrators",
                "/console/keys",
                "/console/audit",
                "/console/sessions",
                "/console/password",
                "/console/grants")) {
            tab.go(path).fits();
            tab.axe();
        }
        tab.go("/console/connectors")
                .sees("Tokens that no bot asks for 180 days")
                .screenshot("console-connectors");
        tab.go("/console/keys").screenshot("console-keys");
        tab.go("/console/installations").sees("Ledger Bot").sees("Alice").screenshot("console-installations");
        tab.go("/console/grants?text=" + subject).sees("Alice").screenshot("console-one");
        tab.follow("Alice").sees("Your assets").fits().screenshot("console-grant");
        tab.axe();
        tab.press("Disconnect…").sees("destroys the tokens at once");
        tab.page().locator("#disconnect input[type=submit]").click();
        tab.sees("administrator admin")
                .sees("Disconnected: Grantbook has destroyed the tokens of Alice for Ledger Bot.");
        tab.screenshot("console-disconnected");
        var grant = BOT.grant("demo-mixin", subject);
        assertThat(grant.getString("status")).isEqualTo("revoked");
        assertThat(grant.getJsonArray("history").getJsonObject(0).getString("event"))
                .as("Mixin offers no way to be told")
                .isEqualTo("provider_not_notified");
        assertThat(grant.getJsonArray("history").getJsonObject(1).getString("actor"))
                .isEqualTo("administrator:admin");
        tab.go("/console/audit").sees("User disconnected").sees(grant.getString("id"));
    }

    @Test
    @DisplayName(
            "5.4 A question before what cannot be undone: focus is on Cancel, Escape closes it, Enter twice does nothing")
    void enterTwiceDoesNothing() throws Exception {
        String id = grant();
        Tab tab = signedIn(browser.open(Device.DESKTOP));
        for (String path : List.of(
                "/console/grants/" + id,
                "/console/subject?connector=demo-mixin&subject=" + subject,
                "/console/administrators")) {
            Page page = tab.go(path).page();
            Locator asking = page.locator("main button[popovertarget]:not([popovertargetaction])");
            assertThat(asking.count()).as(path).isPositive();
            for (Locator one : asking.all()) {
                Locator dialog = page.locator("[id='" + one.getAttribute("popovertarget") + "']");
                one.focus();
                page.keyboard().press("Enter");
                assertThat(dialog.isVisible()).isTrue();
                assertThat(page.evaluate("() => document.activeElement.textContent"))
                        .isEqualTo("Cancel");
                page.keyboard().press("Enter");
                assertThat(dialog.isVisible()).isFalse();
                one.focus();
                page.keyboard().press("Enter");
                page.keyboard().press("Escape");
                assertThat(dialog.isVisible()).isFalse();
            }
            assertThat(page.url()).isEqualTo(Deployments.base() + path);
        }
        assertThat(BOT.grant("demo-mixin", subject).getString("status")).isEqualTo("active");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    void tabDoesNotLeaveAQuestion() throws Exception {
        Page page = signedIn(browser.open(Device.DESKTOP))
                .go("/console/grants/" + grant())
                .page();
        page.locator("button[popovertarget='disconnecting-dialog']").first().click();
        for (int press = 0; press < 8; press++) {
            page.keyboard().press("Tab");
            assertThat(page.evaluate("() => document.activeElement === document.body"
                            + " || document.activeElement.closest('#disconnecting-dialog') !== null"))
                    .as("after %d times", press + 1)
                    .isEqualTo(true);
        }
    }

    @Test
    void anEndedGrantHoldsNoPermission() throws Exception {
        String id = grant();
        Visitor admin = signedIn("admin");
        String held = "/console/grants?text=" + subject + "&held=ASSETS:READ";
        assertThat(admin.get(held).body()).contains("/console/grants/" + id);

        admin.post("/console/grants/" + id, disconnect(admin.get("/console/grants/" + id)));

        assertThat(admin.get(held).body()).doesNotContain("/console/grants/" + id);
        assertThat(admin.get(held + "&status=revoked").body()).doesNotContain("/console/grants/" + id);
        assertThat(admin.get("/console/grants?text=" + subject).body()).contains("/console/grants/" + id);
    }

    @Test
    @DisplayName("4.10 Whatever a subject is called, no script holds it and every button works")
    void aSubjectWithMarkupIsATextOnly() throws Exception {
        String hostile = subject + "<!--<script>";
        new Visitor().finish(BOT.link("demo-mixin", hostile), SandboxAccount.ALICE);
        String id = BOT.grants("demo-mixin", URLEncoder.encode(hostile, StandardCharsets.UTF_8))
                .getJsonArray("grants")
                .getJsonObject(0)
                .getString("id");
        Tab tab = signedIn(browser.open(Device.DESKTOP));
        for (String path :
                List.of("/console", "/console/grants?text=" + subject, "/console/administrators", "/console/keys")) {
            assertThat(tab.go(path).page().locator("script").count()).as(path).isZero();
        }
        tab.go("/console/grants/" + id).sees(hostile);
        assertThat(tab.page().locator("script").count()).isZero();
        tab.press("Erase…").sees("Erase everything about " + hostile);
        tab.page().locator("[id='subject:erase']").click();
        tab.sees("Keep this number as the proof");
        assertThat(tab.complaints()).isEmpty();
    }

    @Test
    @DisplayName("5.4 Without a bot, “lacks permission” lists the users whom a bot asks for it")
    void whoIsNeverAskedDoesNotLackIt() throws Exception {
        Visitor admin = signedIn("admin");
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.BOB, "SNAPSHOTS:READ");
        new Visitor().finish(BOT.link("by-code", subject), SandboxAccount.ALICE);

        Elements rows = Jsoup.parse(admin.get("/console/grants?missing=SNAPSHOTS:READ&text=" + subject)
                        .body())
                .select("tbody tr");

        assertThat(rows).hasSize(1);
        assertThat(rows.text()).contains("Bob");
    }

    // Malformed input

    @Test
    @DisplayName("4.8 Nothing that a client sends gives a 5xx: each route by each method, the inputs in turn")
    void nothingMalformedBreaksIt() throws Exception {
        int turn = 0;
        for (String path : EveryRoute.all()) {
            for (String method : METHODS) {
                doesNotBreak(path, method, Malformed.INPUTS.get(turn++ % Malformed.INPUTS.size()));
            }
        }
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("dev.grantbook.it.EveryRoute#all")
    @DisplayName("4.8 Nothing that a client sends gives a 5xx: each route by each method with each input")
    void nothingMalformedBreaksAnything(String path) throws Exception {
        for (Malformed input : Malformed.INPUTS) {
            for (String method : METHODS) {
                doesNotBreak(path, method, input);
            }
        }
        assertThat(new Visitor(Malformed.anAddress())
                        .get(path + "?jakarta.faces.ViewState=stateless")
                        .status())
                .isLessThan(500);
    }

    private static void doesNotBreak(String path, String method, Malformed input) throws Exception {
        // An address for each, so that no limit hides a fault.
        Http caller = input.in(Http.at(Deployments.base()).with("X-Forwarded-For", Malformed.anAddress()));
        Http key = path.startsWith("/api/") ? caller.with("Authorization", "Bearer key-all") : caller;
        assertThat(key.send(method, path, input.body()).status())
                .as("%s %s %s", method, path, input)
                .isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "auditor"})
    @DisplayName("4.8 A form of the console that is broken, or of another page, gives no 5xx: the buttons in turn")
    void noFormBreaksTheConsole(String name) throws Exception {
        AtomicInteger turn = new AtomicInteger();
        formsDoNotBreak(name, () -> List.of(BUTTONS.get(turn.getAndIncrement() % BUTTONS.size())));
    }

    @Tag("nightly")
    @ParameterizedTest
    @ValueSource(strings = {"admin", "auditor"})
    @DisplayName("4.8 A form of the console that is broken, or of another page, gives no 5xx: every button")
    void noButtonBreaksTheConsole(String name) throws Exception {
        formsDoNotBreak(name, () -> BUTTONS);
    }

    private void formsDoNotBreak(String name, Supplier<List<String>> buttons) throws Exception {
        Visitor visitor = new Visitor("192.0.2.38");
        visitor.signIn(name, PASSWORD);
        List<String> paths = new ArrayList<>(EveryRoute.console());
        paths.addAll(List.of("/sign-in", "/console/grants/" + grant(), "/console/grants/gone"));
        paths.add("/console/subject?connector=demo-mixin&subject=" + subject);
        String token = formToken(visitor.get("/console"));
        for (String path : paths) {
            for (String state : Malformed.VIEW_STATES) {
                for (String button : buttons.get()) {
                    for (String sent : List.of(token, "x".repeat(64))) {
                        Map<String, String> form = Map.of(
                                button.substring(0, button.indexOf(':')),
                                "",
                                button,
                                "",
                                "jakarta.faces.ViewState",
                                state,
                                "csrf-token",
                                sent);
                        Reply reply = visitor.post(path, form);
                        assertThat(reply.status())
                                .as("%s %s %s", path, form, reply.body())
                                .isLessThan(500);
                    }
                }
            }
        }
    }

    static Stream<Device> screens() {
        return Stream.of(Device.DESKTOP, Device.SMALL_PHONE.dark().speaking("zh-CN"));
    }

    static Stream<Device> moreScreens() {
        return Stream.of(Device.DESKTOP.speaking("zh-CN"), Device.SMALL_PHONE.dark());
    }

    @ParameterizedTest
    @MethodSource("screens")
    void aGrantSaysHowFarItsProviderWasTold(Device device) throws Exception {
        boolean chinese = device.locale().startsWith("zh");
        String told = ended("demo-mixin");
        String untold = ended("deaf-mixin");
        AuditedTab tab = signedIn(browser.openForAudit(device));
        String picture = device.locale() + "-" + device.width();
        tab.go("/console/grants/" + untold)
                .sees(chinese ? "尚未将终止告知平台。" : "The provider has not been told yet.")
                .fits()
                .screenshot("console-untold-" + picture);
        tab.axe();
        tab.go("/console/grants/" + told)
                .sees(chinese ? "没有告知的途径" : "offers no way to be told")
                .fits()
                .screenshot("console-unsupported-" + picture);
        tab.axe();
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("moreScreens")
    void aGrantSaysSoOnMoreScreens(Device device) throws Exception {
        aGrantSaysHowFarItsProviderWasTold(device);
    }

    private static <T extends Tab> T signedIn(T tab) throws Exception {
        String session = requireNonNull(signedIn("admin").cookies().get(COOKIE));
        tab.page().context().addCookies(List.of(new Cookie(COOKIE, session).setUrl(Deployments.base())));
        return tab;
    }

    /** A grant of this test's subject that the bot ended. */
    private String ended(String connector) throws Exception {
        new Visitor().finish(BOT.link(connector, subject), SandboxAccount.ALICE);
        String id = BOT.grant(connector, subject).getString("id");
        assertThat(BOT.send("DELETE", "/grants/" + id, "").status()).isEqualTo(204);
        return id;
    }

    @Test
    void aChatUserIsExportedAsAFile() throws Exception {
        String id = grant();
        Tab tab = signedIn(browser.open(Device.DESKTOP)).go("/console/grants/" + id);

        Download file = tab.page().waitForDownload(() -> tab.press("Export as JSON"));

        assertThat(file.suggestedFilename()).isEqualTo("subject.json");
        assertThat(file.path()).content().contains("\"subject\":\"" + subject + "\"", "\"invitations\":[{");
    }

    @Test
    void whatIsKeptTheKeysAndAChatUserCanBeReadOnASmallPhoneInTheDarkAndInChinese() throws Exception {
        String id = grant();
        AuditedTab tab = browser.openForAudit(Device.SMALL_PHONE.dark().speaking("zh-CN"));
        tab.go("/sign-in").fill("名称", "admin").fill("密码", PASSWORD).press("登录").sees("当前登录");

        tab.go("/console/connectors").sees("机器人不再领取的令牌").sees("180 天").fits().screenshot("console-connectors-zh");
        tab.axe();
        tab.go("/console/keys").fits().screenshot("console-keys-zh");
        tab.axe();
        tab.go("/console/grants/" + id).sees("关于此聊天用户的全部数据").fits().screenshot("console-subject-zh");
        tab.axe();
        tab.press("删除数据…").sees("且无法恢复").fits().screenshot("console-erase-zh");
        tab.axe();
    }

    @ParameterizedTest
    @MethodSource("screens")
    void aChatUserWhoGrantedNothingIsFoundOnAnyScreen(Device device) throws Exception {
        BOT.link("demo-mixin", subject);
        AuditedTab tab = signedIn(browser.openForAudit(device));
        String picture = device.locale() + "-" + device.width();

        tab.go("/console/grants?connector=demo-mixin&text=" + subject).fits().screenshot("console-none-" + picture);
        tab.axe();
        tab.page().locator("main a[href*='/console/subject']").click();
        tab.sees(subject).fits().screenshot("console-nobody-" + picture);
        tab.axe();
        tab.page().locator("button[popovertarget='erasing-dialog']").first().click();
        tab.fits().screenshot("console-forget-" + picture);
        tab.axe();
        tab.page().locator("[id='everything:erase']").click();
        tab.page().locator(".notice.sign").waitFor();
        tab.screenshot("console-forgotten-" + picture);

        assertThat(BOT.get("/subjects/" + subject).body()).contains("\"invitations\":[]");
        assertThat(tab.complaints()).isEmpty();
    }

    @Tag("nightly")
    @ParameterizedTest
    @MethodSource("moreScreens")
    void aChatUserWhoGrantedNothingIsFoundOnMoreScreens(Device device) throws Exception {
        aChatUserWhoGrantedNothingIsFoundOnAnyScreen(device);
    }

    @Test
    void theConsoleFitsAPhoneAndKeepsItsPolicy() throws Exception {
        for (String person : List.of("ann", "ben", "cleo")) {
            new Visitor().finish(BOT.link("demo-mixin", person), SandboxAccount.BOB, "SNAPSHOTS:READ");
            new Visitor().finish(BOT.link("other-mixin", person), SandboxAccount.ALICE);
        }
        Tab phone = browser.open(Device.SMALL_PHONE)
                .go("/sign-in")
                .fill("Name", "admin")
                .fill("Password", PASSWORD)
                .press("Sign in")
                .fits()
                .go("/console/grants")
                .fits()
                .screenshot("console-phone");
        assertThat(phone.complaints()).isEmpty();
        Tab desktop = signedIn(browser.open(Device.DESKTOP))
                .go("/console")
                .screenshot("console-dashboard")
                .go("/console/grants")
                .screenshot("console-list");
        assertThat(desktop.complaints()).isEmpty();
        assertThat(phone.page().context().cookies())
                .extracting(cookie -> cookie.name)
                .containsExactly(COOKIE);
    }

    /** The grant of this test's subject. */
    private String grant() throws Exception {
        new Visitor().finish(BOT.link("demo-mixin", subject), SandboxAccount.ALICE);
        return BOT.grant("demo-mixin", subject).getString("id");
    }

    /** What the form of the disconnect dialog sends, with the token of the given page. */
    private static Map<String, String> disconnect(Reply page) {
        return Map.of(
                "disconnect",
                "disconnect",
                "disconnect:yes",
                "",
                "jakarta.faces.ViewState",
                "stateless",
                "csrf-token",
                formToken(page));
    }

    private static String formToken(Reply page) {
        return Jsoup.parse(page.body()).expectFirst("input[name=csrf-token]").val();
    }

    private static String alerts(Reply page) {
        return Jsoup.parse(page.body()).select("[role=alert]").text();
    }

    private static String nameField(Reply page) {
        return Jsoup.parse(page.body()).expectFirst("main input[type=text]").attr("name");
    }
}
