package dev.grantbook.platform;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that only the owner of the process can read (mode 0600), written whole or not at all. */
public final class PrivateFile {

    private PrivateFile() {}

    public static void write(Path file, String text) {
        Path draft = file.toAbsolutePath().resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(draft.resolveSibling("."));
            Files.deleteIfExists(draft);
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = Files.newByteChannel(draft, options, ownerOnly(draft))) {
                channel.write(StandardCharsets.UTF_8.encode(text));
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be written: " + e, e);
        }
    }

    /** @throws ConfigurationException when the file is absent or cannot be read */
    public static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e, e);
        }
    }

    private static FileAttribute<?>[] ownerOnly(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
