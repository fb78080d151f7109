package dev.grantbook.platform.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Writes files that only their owner can read (mode 0600), whole or not at all, even when the power fails. */
public final class PrivateFile {

    private static final Logger LOG = Logger.getLogger(PrivateFile.class.getName());

    private static final Set<PosixFilePermission> OWNERS = EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE);

    private PrivateFile() {}

    /** Makes a directory, with its parents, or closes an existing one: only the owner may enter (mode 0700). */
    public static void directory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory, mode(directory, "rwx------"));
            }
        } catch (IOException e) {
            throw new ConfigurationException(directory + " cannot be made: " + e, e);
        }
        close(directory);
    }

    /** Makes an empty file, or closes an existing one: only the owner may read it. */
    public static void make(Path file) {
        try {
            if (!Files.exists(file)) {
                Files.createFile(file, mode(file, "rw-------"));
            }
        } catch (FileAlreadyExistsException e) {
            LOG.log(Level.FINE, "another process was faster", e);
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be written: " + e, e);
        }
        close(file);
    }

    /** Withdraws the permissions of the group and of others. */
    public static void close(Path path) {
        if (!isPosix(path)) {
            return;
        }
        try {
            var permissions = EnumSet.noneOf(PosixFilePermission.class);
            permissions.addAll(Files.getPosixFilePermissions(path));
            if (permissions.retainAll(OWNERS)) {
                Files.setPosixFilePermissions(path, permissions);
            }
        } catch (IOException e) {
            LOG.log(
                    Level.WARNING,
                    "others than its owner may be able to read {0}, which cannot be changed: {1}",
                    new Object[] {path, e});
        }
    }

    public static void write(Path file, String text) {
        Path draft = file.toAbsolutePath().resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(draft.resolveSibling("."), mode(draft, "rwx------"));
            Files.deleteIfExists(draft);
            var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            try (var channel = FileChannel.open(draft, options, mode(draft, "rw-------"))) {
                ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (isPosix(file)) {
                // Makes the new name durable too. Elsewhere a directory cannot be opened.
                try (var directory = FileChannel.open(draft.resolveSibling("."), StandardOpenOption.READ)) {
                    directory.force(true);
                }
            }
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be written: " + e, e);
        }
    }

    public static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new ConfigurationException(file + " cannot be read: " + e, e);
        }
    }

    private static FileAttribute<?>[] mode(Path file, String permissions) {
        return isPosix(file)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
