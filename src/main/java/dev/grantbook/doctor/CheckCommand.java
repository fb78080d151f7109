package dev.grantbook.doctor;

import dev.grantbook.catalogue.ProviderCatalogue;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.ConnectorsFile;
import dev.grantbook.doctor.Finding.Severity;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Producers;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.persistence.ConfiguredDataSource;
import dev.grantbook.vault.Vault;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Tries what an operator configured, before a server is started with it: {@code java -jar grantbook.jar check}. Nothing
 * is stored or changed.
 */
public final class CheckCommand {

    private static final String H2_FILE = "jdbc:h2:file:";

    private final PrintStream out;
    private final Map<Severity, Integer> found = new EnumMap<>(Severity.class);

    private CheckCommand(PrintStream out) {
        this.out = out;
    }

    /**
     * Prints what was found, a line each.
     *
     * @param offline whether nothing is asked but this machine
     * @return the exit status: 0 without faults, 1 with one
     */
    public static int run(boolean offline, PrintStream out) throws ReflectiveOperationException {
        var command = new CheckCommand(out);
        command.check(offline);
        int faults = command.found.getOrDefault(Severity.FAULT, 0);
        out.println("faults: " + faults + ", warnings: " + command.found.getOrDefault(Severity.WARNING, 0));
        return faults == 0 ? 0 : 1;
    }

    private void check(boolean offline) throws ReflectiveOperationException {
        Settings settings;
        try {
            settings = Settings.read();
            print(Severity.FINE, "settings: sound");
        } catch (ConfigurationException e) {
            print(Severity.FAULT, String.valueOf(e.getMessage()));
            return;
        }
        checkKeyset(settings);
        if (!offline) {
            checkDatabase(settings);
        }
        checkConnectors(settings, offline);
    }

    private void checkKeyset(Settings settings) {
        try {
            if (Vault.isReadable(settings)) {
                print(Severity.FINE, "keyset: can be read");
            } else {
                print(
                        Severity.WARNING,
                        "keyset: there is none yet; the first start makes one in "
                                + settings.keyset().file().toAbsolutePath());
            }
        } catch (ConfigurationException e) {
            print(Severity.FAULT, "keyset: " + e.getMessage());
        }
    }

    private void checkDatabase(Settings settings) {
        String url = settings.database().url();
        if (url.startsWith(H2_FILE) && !Files.exists(h2File(url))) {
            print(Severity.WARNING, "database: there is none yet; the first start makes one");
            return;
        }
        try (Connection connection = ConfiguredDataSource.open(settings).getConnection()) {
            var server = connection.getMetaData();
            print(
                    Severity.FINE,
                    "database: " + server.getDatabaseProductName() + " " + server.getDatabaseProductVersion()
                            + " answers");
        } catch (SQLException e) {
            print(
                    Severity.FAULT,
                    "database: no connection (SQLSTATE " + e.getSQLState()
                            + "): compare grantbook.database.url, user and"
                            + " password; an H2 file is in use while a node runs");
        }
    }

    private static Path h2File(String url) {
        int options = url.indexOf(';');
        return Path.of(url.substring(H2_FILE.length(), options < 0 ? url.length() : options) + ".mv.db");
    }

    private void checkConnectors(Settings settings, boolean offline) throws ReflectiveOperationException {
        var assembly = new Assembly()
                .with(Settings.class, settings)
                .with(Clock.class, Producers.clock())
                .with(SecureRandom.class, Producers.random());
        try {
            assembly.start(ProviderCatalogue.class);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof ConfigurationException fault) {
                print(Severity.FAULT, String.valueOf(fault.getMessage()));
                return;
            }
            throw e;
        }
        ConnectorsFile.Inspection file = assembly.get(ConnectorsFile.class).inspect();
        file.faults().forEach(fault -> print(Severity.FAULT, fault));
        if (file.connectors().isEmpty() && file.faults().isEmpty()) {
            print(
                    Severity.WARNING,
                    "grantbook.connectors.file: declares no connector, so nobody can authorize anything");
        }
        for (Connector connector : file.connectors()) {
            if (offline) {
                print(Severity.FINE, file.describe(connector, "", "sound"));
            } else {
                assembly.get(Doctor.class)
                        .check(connector)
                        .forEach(finding -> print(
                                finding.severity(),
                                file.describe(connector, finding.key(), finding.describe(Locale.ENGLISH))));
            }
        }
    }

    private void print(Severity severity, String line) {
        found.merge(severity, 1, Integer::sum);
        out.printf("%-8s %s%n", severity.wire(), line);
    }
}
