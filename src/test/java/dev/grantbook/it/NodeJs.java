package dev.grantbook.it;

import com.microsoft.playwright.impl.driver.Driver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Node.js and npm, so that {@code ./mvnw verify} can run what is written for them and needs nothing installed by hand.
 * Node is the one that Playwright brings from Maven Central; npm, which it lacks, comes from npm's own registry, pinned
 * by its hash, and stays below target. There is no way to pass over a test because one of them is missing.
 */
final class NodeJs {

    private static final String NPM = "11.21.2";

    /** As the registry publishes it (Subresource Integrity). */
    private static final String NPM_SHA512 =
            "7HPApk+AflMUavSseL1Pm6CnYqMIHk53x+KmuhqmTDqPkjPMgxIpTPcTqsE91EKNw4gFBJV9fnXiSdGm1DXq9A==";

    private static final Path FOLDER = Path.of("target/npm-" + NPM).toAbsolutePath();

    private NodeJs() {}

    /** A command of Node itself. */
    static List<String> node(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Driver.ensureDriverInstalled(Chromium.NO_DOWNLOAD, false)
                .createProcessBuilder()
                .command()
                .get(0));
        command.addAll(List.of(arguments));
        return command;
    }

    /** A command of npm. */
    static List<String> npm(String... arguments) throws IOException, InterruptedException {
        if (!Files.exists(FOLDER)) {
            fetchNpm();
        }
        List<String> command = node(FOLDER.resolve("package/bin/npm-cli.js").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** Registries have bad moments. */
    private static HttpResponse<byte[]> fetched(URI address) throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(address).timeout(Duration.ofMinutes(1)).build();
        for (int tries = 1; ; tries++) {
            try {
                var reply = HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
                if (reply.statusCode() < 500 || tries == 3) {
                    return reply;
                }
            } catch (IOException e) {
                if (tries == 3) {
                    throw e;
                }
            }
            TimeUnit.SECONDS.sleep(tries);
        }
    }

    private static void fetchNpm() throws IOException, InterruptedException {
        URI address = URI.create("https://registry.npmjs.org/npm/-/npm-" + NPM + ".tgz");
        var reply = fetched(address);
        if (reply.statusCode() != 200 || !sha512(reply.body()).equals(NPM_SHA512)) {
            throw new IllegalStateException(address + " gave something else than npm " + NPM);
        }
        // Half an archive must not be taken for a whole one by the next run.
        Path half = Files.createTempDirectory(FOLDER.getParent(), "npm");
        try (var archive = new TarArchiveInputStream(
                new GZIPInputStream(new BufferedInputStream(new ByteArrayInputStream(reply.body()))))) {
            for (var entry = archive.getNextEntry(); entry != null; entry = archive.getNextEntry()) {
                if (!entry.isDirectory()) {
                    Path file = entry.resolveIn(half);
                    Files.createDirectories(file.getParent());
                    Files.copy(archive, file);
                }
            }
        }
        Files.move(half, FOLDER);
    }

    private static String sha512(byte[] content) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-512").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform knows SHA-512", e);
        }
    }
}
