package dev.grantbook.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every secret that the tests of this run have seen on the wire, so that the logs can be searched for them. */
final class Secrets {

    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private static final List<Pattern> WHERE = List.of(
            Pattern.compile("[?&](?:code|state|attempt|code_challenge|authorization_code)=([^&\\s\"]{16,})"),
            Pattern.compile("\"(?:access_token|refresh_token|code_verifier|state|clientSecret)\":\"([^\"]{8,})\""),
            Pattern.compile("/(?:connect|linked|channels/facebook)/([0-9A-Za-z]{43})"),
            Pattern.compile("^(?:__Host-)?(?:gb-[^=]+|grantbook|JSESSIONID)=([^;]{8,})"));

    private Secrets() {}

    static void note(Reply reply) {
        note(reply.body());
        reply.headers().allValues("Location").forEach(Secrets::note);
        reply.headers().allValues("Set-Cookie").forEach(Secrets::note);
    }

    /** Fails when a server of this run has written one of them down. */
    static void assertNoneIsLogged() throws IOException {
        String log = Deployments.log();
        assertThat(SEEN).as("secrets seen on the wire").isNotEmpty();
        assertThat(log).isNotEmpty();
        assertThat(SEEN.stream().filter(log::contains).toList())
                .as("secrets found in the logs")
                .isEmpty();
    }

    /** Fails when a text that others may read holds one of them. */
    static void assertNoneIsIn(String text) {
        assertThat(SEEN).as("secrets seen on the wire").isNotEmpty();
        assertThat(SEEN.stream().filter(text::contains).toList())
                .as("secrets found in what operators read")
                .isEmpty();
    }

    private static void note(String text) {
        for (Pattern place : WHERE) {
            Matcher found = place.matcher(text);
            while (found.find()) {
                SEEN.add(found.group(1));
            }
        }
    }
}
