package dev.grantbook.it;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/**
 * A person in a browser, seen from the wire: keeps cookies, fills forms in, and stops at every redirect so that a test
 * can look at it, change it, or send it twice.
 */
public final class Visitor {

    private final Map<String, String> cookies = new LinkedHashMap<>();
    private final String base;
    private final Http http;

    Visitor() {
        this(Deployments.base(), Http.at(Deployments.base()));
    }

    /** Behind proxies that wrote this into {@code X-Forwarded-For}. */
    Visitor(String forwardedFor) {
        this(Deployments.base(), Http.at(Deployments.base()).with("X-Forwarded-For", forwardedFor));
    }

    private Visitor(String base, Http http) {
        this.base = base;
        this.http = http.with("Accept", "text/html");
    }

    /** Of the Grantbook at this address, without a slash at its end. */
    public static Visitor at(String base) {
        return new Visitor(base, Http.at(base));
    }

    public Reply get(String target) throws IOException, InterruptedException {
        return keep(caller().get(target));
    }

    /** Presses the button of a form, with what its fields hold and the given changes; null leaves a field out. */
    public Reply submit(Reply page, String button, Map<String, ? extends List<String>> changes)
            throws IOException, InterruptedException {
        Document document = Jsoup.parse(page.body(), base);
        Element pressed = document.select("button:not([type=button]), input[type=submit]").stream()
                .filter(candidate ->
                        candidate.text().equals(button) || candidate.val().equals(button))
                .findFirst()
                .orElseThrow(() -> new AssertionError(
                        "no button " + button + " in " + document.body().text()));
        Element form = Objects.requireNonNull(pressed.closest("form"), () -> "no form around " + button);
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (Element field : form.select("input[name], select[name]")) {
            boolean off = field.hasAttr("disabled")
                    || field.attr("type").equals("submit")
                    || (field.attr("type").matches("checkbox|radio") && !field.hasAttr("checked"));
            if (!off) {
                fields.merge(field.attr("name"), List.of(field.val()), Visitor::both);
            }
        }
        if (!pressed.attr("name").isEmpty()) {
            fields.put(pressed.attr("name"), List.of(pressed.val()));
        }
        fields.putAll(changes);
        String body = fields.entrySet().stream()
                .flatMap(field -> field.getValue().stream().map(value -> encode(field.getKey()) + "=" + encode(value)))
                .collect(Collectors.joining("&"));
        return keep(caller().with("Content-Type", "application/x-www-form-urlencoded")
                .with("Sec-Fetch-Site", "same-origin")
                .send("POST", form.absUrl("action").isEmpty() ? base : form.absUrl("action"), body));
    }

    public Reply submit(Reply page, String button) throws IOException, InterruptedException {
        return submit(page, button, Map.of());
    }

    /** From the link of an invitation to the provider: the redirect to its consent page. */
    Reply leave(String link) throws IOException, InterruptedException {
        return submit(get(link), "Continue to Mixin Messenger");
    }

    /**
     * At the sandbox's consent page: everything but the given scopes stays ticked. Gives the redirect to the callback.
     */
    Reply allow(String consentUrl, SandboxAccount account, String... unticked)
            throws IOException, InterruptedException {
        Reply page = get(consentUrl);
        List<String> ticked = Jsoup.parse(page.body()).select("input[name=scope][checked]").stream()
                .map(Element::val)
                .filter(scope -> !List.of(unticked).contains(scope))
                .toList();
        return submit(page, "Authorize", Map.of("scope", ticked, "account", List.of(account.id)));
    }

    Reply refuse(String consentUrl) throws IOException, InterruptedException {
        return submit(get(consentUrl), "Cancel");
    }

    /** The whole trip of an invitation: gives the page it ends on. */
    Reply finish(String link, SandboxAccount account, String... unticked) throws IOException, InterruptedException {
        Reply callback = allow(leave(link).location(), account, unticked);
        return get(get(callback.location()).location());
    }

    /** Signs in to the console: gives the redirect that follows. */
    public Reply signIn(String name, String password) throws IOException, InterruptedException {
        Reply page = get("/sign-in");
        return submit(page, "Sign in", Map.of("enter:name", List.of(name), "enter:password", List.of(password)));
    }

    /** Sends a form of the given fields as a page of ours would. */
    Reply post(String target, Map<String, String> fields) throws IOException, InterruptedException {
        return keep(caller().with("Sec-Fetch-Site", "same-origin").postForm(target, fields));
    }

    Map<String, String> cookies() {
        return cookies;
    }

    private Http caller() {
        String sent = cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
        return sent.isEmpty() ? http : http.with("Cookie", sent);
    }

    private Reply keep(Reply reply) {
        for (String cookie : reply.setCookies()) {
            String pair = cookie.split(";", 2)[0];
            cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return reply;
    }

    private static List<String> both(List<String> one, List<String> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
