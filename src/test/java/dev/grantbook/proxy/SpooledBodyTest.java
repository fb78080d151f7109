package dev.grantbook.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpooledBodyTest {

    private static final int LARGE = 5 * SpooledBody.IN_MEMORY + 7;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, SpooledBody.IN_MEMORY - 1, SpooledBody.IN_MEMORY, SpooledBody.IN_MEMORY + 1, LARGE})
    void whatArrivesIsWrittenAgain(int length) throws IOException {
        byte[] bytes = bytes(length);
        try (SpooledBody body = SpooledBody.of(new ByteArrayInputStream(bytes), directory)) {
            assertThat(body.length()).isEqualTo(length);
            for (int times = 0; times < 2; times++) {
                var out = new ByteArrayOutputStream();
                body.write(out);
                assertThat(out.toByteArray()).isEqualTo(bytes);
            }
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aSmallBodyNeedsNoFile() throws IOException {
        try (SpooledBody body =
                SpooledBody.of(new ByteArrayInputStream(bytes(SpooledBody.IN_MEMORY)), directory.resolve("missing"))) {
            assertThat(body.length()).isEqualTo(SpooledBody.IN_MEMORY);
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsToldFromABodyThatBreaksOff() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> SpooledBody.of(new ByteArrayInputStream(bytes(LARGE)), directory.resolve("missing")));
        assertThatIOException()
                .isThrownBy(() -> SpooledBody.of(breakingOff(), directory))
                .withMessage("Stream closed");
    }

    @Test
    void nothingIsLeftOfABodyThatBreaksOff() throws IOException {
        assertThatIOException().isThrownBy(() -> SpooledBody.of(breakingOff(), directory));

        assertThat(directory).isEmptyDirectory();
        assertThat(openFiles()).isEmpty();
    }

    @Test
    void nothingIsLeftWhenTheReceiverGoesAway() throws IOException {
        try (SpooledBody body = SpooledBody.of(new ByteArrayInputStream(bytes(LARGE)), directory)) {
            assertThat(openFiles()).hasSize(1);
            assertThatIOException()
                    .isThrownBy(() -> body.write(new OutputStream() {
                        @Override
                        public void write(int next) throws IOException {
                            throw new IOException("gone");
                        }
                    }));
        }

        assertThat(directory).isEmptyDirectory();
        assertThat(openFiles()).isEmpty();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static InputStream breakingOff() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        return new SequenceInputStream(new ByteArrayInputStream(bytes(LARGE)), closed);
    }

    /** The files of the directory that this process has open, as Linux lists them. */
    private List<String> openFiles() throws IOException {
        Path all = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(all));
        var found = new ArrayList<String>();
        try (var descriptors = Files.newDirectoryStream(all)) {
            for (Path descriptor : descriptors) {
                if (Files.isSymbolicLink(descriptor)) {
                    found.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        found.removeIf(name -> !name.startsWith(directory.toString() + "/"));
        return found;
    }
}
