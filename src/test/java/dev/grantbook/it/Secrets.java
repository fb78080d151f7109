package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What no log may hold: every secret that the tests of this run have seen on the wire or configured, and whatever looks
 * like one, for what servers and browsers say to each other passes the tests by. {@link LogSearch} asks after each
 * class.
 */
public final class Secrets {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    /** Every {@link #PART} characters of those that chance made. */
    private static final Set<String> PARTS = ConcurrentHashMap.newKeySet();

    /** Those without such a part. */
    private static final Set<String> WORDS = ConcurrentHashMap.newKeySet();

    private static final List<Pattern> WHERE = List.of(
            Pattern.compile("[?&](?:code|state|attempt|code_challenge|authorization_code)=([^&\\s\"]{16,})"),
            Pattern.compile("\"(?:access_token|refresh_token|id_token|code_verifier|clientSecret)\":\"([^\"]{8,})\""),
            // Of a message or an import it is a word.
            Pattern.compile("\"state\":\"([^\"]{16,})\""),
            Pattern.compile("/(?:connect|linked|channels/facebook)/([0-9A-Za-z]{43})"),
            Pattern.compile("class=\"handover\"><strong>([^<]+)<"),
            Pattern.compile("^(?:__Host-)?(?:gb-[^=]+|grantbook|JSESSIONID)=([^;]{8,})"));

    /** Text with capitals, small letters and at least three digits, as chance makes it and people do not. */
    private static final String RANDOM = "(?=[0-9A-Za-z_-]*[A-Z])(?=[0-9A-Za-z_-]*[a-z])(?=(?:[A-Za-z_-]*[0-9]){3})";

    private static final List<Pattern> LOOKS = List.of(
            // Links, states, codes, cookies, keys, the sandbox's tokens: oauth.Secret.
            Pattern.compile("(?<![0-9A-Za-z])" + RANDOM + "[0-9A-Za-z]{43}(?![0-9A-Za-z])"),
            // Verifiers and challenges: oauth.Pkce.
            Pattern.compile("(?<![0-9A-Za-z_-])" + RANDOM + "[0-9A-Za-z_-]{43}(?![0-9A-Za-z_-])"),
            Pattern.compile("\\beyJ[0-9A-Za-z_-]{8,}\\.[0-9A-Za-z_-]{8,}"),
            Pattern.compile("\\b(?:Bearer|Basic) [0-9A-Za-z+/=._~-]{16,}"),
            Pattern.compile("\\bwhsec_[0-9A-Za-z+/=]{16,}"),
            Pattern.compile(
                    "\\b(?:code|state|access_token|refresh_token|client_secret|code_verifier|authorization_code)"
                            + "=[0-9A-Za-z+/=._~%-]{4,}"));

    private static final int PART = 12;

    /** Of words in secrets of tests, other words are parts; of random characters nothing else is. */
    private static final Pattern CHANCE = Pattern.compile("(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9]).*");

    private Secrets() {}

    /** Notes what a test makes up by itself. */
    public static String noted(String secret) {
        see(secret);
        return secret;
    }

    static void note(Reply reply) {
        note(reply.body());
        reply.headers().allValues("Location").forEach(Secrets::note);
        reply.headers().allValues("Set-Cookie").forEach(Secrets::note);
    }

    /** Notes what a server is told; the database's password is its user's name, which is no secret. */
    static void note(Map<String, String> configuration) {
        configuration.forEach((name, value) -> {
            if (name.matches("it\\..*(?:secret|token)|grantbook\\.(?:admin|auditor)\\.password")) {
                see(value);
            }
        });
    }

    /** Fails when a server of this run has written one of them down. */
    static void assertNoneIsLogged() throws IOException {
        String log = Deployments.log();
        assertThat(log).isNotEmpty();
        assertThat(in(log)).as("secrets found in the logs").isEmpty();
    }

    /** Fails when a text that others may read holds one of them. */
    static void assertNoneIsIn(String text) {
        assertThat(SEEN).as("secrets seen on the wire").isNotEmpty();
        assertThat(in(text)).as("secrets found in what operators read").isEmpty();
    }

    /** Whatever there is. */
    public static Set<String> in(String text) {
        var found = new TreeSet<>(partsIn(text));
        // A secret that chance made is there only when a part of it is.
        (found.isEmpty() ? WORDS : SEEN).stream().filter(text::contains).forEach(found::add);
        LOOKS.forEach(look -> look.matcher(text).results().forEach(one -> found.add(one.group())));
        return found;
    }

    /** A peer may quote a secret cut: any so many characters of one that chance made. */
    private static Set<String> partsIn(String text) {
        var found = new HashSet<String>();
        for (int at = 0; at + PART <= text.length(); at++) {
            String part = text.substring(at, at + PART);
            if (PARTS.contains(part)) {
                found.add(part);
            }
        }
        return found;
    }

    private static void see(String secret) {
        if (SEEN.add(secret)) {
            boolean words = true;
            for (int at = 0; at + PART <= secret.length(); at++) {
                String part = secret.substring(at, at + PART);
                if (CHANCE.matcher(part).matches()) {
                    PARTS.add(part);
                    words = false;
                }
            }
            if (words) {
                WORDS.add(secret);
            }
        }
    }

    private static void note(String text) {
        for (Pattern place : WHERE) {
            Matcher found = place.matcher(text);
            while (found.find()) {
                see(found.group(1));
            }
        }
    }
}
