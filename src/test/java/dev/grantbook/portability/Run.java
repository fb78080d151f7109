package dev.grantbook.portability;

import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One deployment that is tried.
 *
 * @param postgreSql whether it is on PostgreSQL, and not on H2
 * @param path the context path, empty for the server's own root
 * @param whole whether every step is walked, the restart among them, and not only the main job
 */
record Run(AppServer server, Jdk jdk, boolean postgreSql, String path, boolean whole) {

    private static final String BELOW = "/grants";

    /**
     * Both databases the whole way; each other difference at least once. Only those that a regular expression of
     * {@code grantbook.portability.runs} finds, where that is set.
     */
    static List<Run> all() throws IOException {
        List<Jdk> jdks = Jdk.chosen();
        List<String> wanted = Words.of("grantbook.portability.runs");
        return AppServer.chosen().stream()
                .flatMap(server -> on(server, jdks))
                .filter(run -> wanted.isEmpty() || wanted.stream().anyMatch(run::isCalled))
                .toList();
    }

    private static Stream<Run> on(AppServer server, List<Jdk> all) {
        List<Jdk> jdks =
                all.stream().filter(jdk -> jdk.feature() >= server.oldestJdk()).toList();
        if (jdks.isEmpty()) {
            return Stream.of();
        }
        Jdk first = jdks.get(0);
        Jdk last = jdks.get(jdks.size() - 1);
        return Stream.of(
                        new Run(server, first, false, "", true),
                        new Run(server, first, true, "", true),
                        new Run(server, first, false, BELOW, false),
                        new Run(server, last, true, BELOW, false),
                        new Run(server, last, false, "", false))
                .filter(run -> run.whole || !run.path.isEmpty() || !last.equals(first));
    }

    String database() {
        return postgreSql ? "PostgreSQL" : "H2";
    }

    private boolean isCalled(String pattern) {
        return Pattern.compile(pattern).matcher(toString()).find();
    }

    /** The context path as people write it. */
    String address() {
        return path.isEmpty() ? "/" : path;
    }

    @Override
    public String toString() {
        return "%s %s on %s with JDK %d at %s"
                .formatted(server.name(), server.version(), database(), jdk.feature(), address());
    }
}
