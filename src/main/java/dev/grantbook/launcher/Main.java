package dev.grantbook.launcher;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Starts the server, or runs a command without it. */
public final class Main {

    private static final int OK = 0;
    private static final int WRONG_USAGE = 2;

    private static final String USAGE = """
            java -jar grantbook.jar             serves Grantbook at http://127.0.0.1:8080/
            java -jar grantbook.jar check       tries the settings, the database and each connector, and changes
                                                nothing; ends with 0, or 1 when users would fail
                --connectors FILE               instead of grantbook.connectors.file
                --offline                       asks neither the database nor providers nor bots
            java -jar grantbook.jar --help      shows this text

            Settings are read from system properties (-D…, before -jar), the environment, and
            grantbook.properties beside the JAR. grantbook.address and grantbook.port say where
            to listen. Other options after the JAR are Payara Micro's.
            """;

    private Main() {}

    public static void main(String... arguments) throws Exception {
        String command = arguments.length == 0 ? "--serve" : arguments[0];
        if (command.startsWith("--") && !command.equals("--help")) {
            serve(arguments);
        } else {
            System.exit(run(List.of(arguments), System.out, System.err));
        }
    }

    /** @return the exit status */
    static int run(List<String> arguments, PrintStream out, PrintStream err) throws Exception {
        String command = arguments.get(0);
        return switch (command) {
            case "check" -> check(arguments.subList(1, arguments.size()), out, err);
            case "--help", "-h", "help" -> {
                out.print(USAGE);
                yield OK;
            }
            default -> {
                err.println("There is no command " + command + ".\n\n" + USAGE);
                yield WRONG_USAGE;
            }
        };
    }

    private static int check(List<String> options, PrintStream out, PrintStream err) throws Exception {
        boolean offline = false;
        for (Iterator<String> rest = options.iterator(); rest.hasNext(); ) {
            String option = rest.next();
            if (option.equals("--offline")) {
                offline = true;
            } else if (option.equals("--connectors") && rest.hasNext()) {
                System.setProperty("grantbook.connectors.file", rest.next());
            } else {
                err.println("check does not know " + option + ", or something is missing behind it.\n\n" + USAGE);
                return WRONG_USAGE;
            }
        }
        try {
            new LaunchSettings(jar().resolveSibling("grantbook.properties"), System.getenv()).apply();
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return WRONG_USAGE;
        }
        try (var application = new PackedApplication(jar())) {
            return (int) application
                    .load("dev.grantbook.doctor.CheckCommand")
                    .getMethod("run", boolean.class, PrintStream.class)
                    .invoke(null, offline, out);
        }
    }

    private static void serve(String... options) throws Exception {
        try {
            new LaunchSettings(jar().resolveSibling("grantbook.properties"), System.getenv()).apply();
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(WRONG_USAGE);
        }
        String[] all = Stream.concat(Stream.of("--nohazelcast", "--disablephonehome"), Stream.of(options))
                .toArray(String[]::new);
        // By name, since the server is on the class path of the JAR alone.
        Class.forName("fish.payara.micro.PayaraMicro")
                .getMethod("main", String[].class)
                .invoke(null, (Object) all);
    }

    private static Path jar() throws Exception {
        return Path.of(
                Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
