package dev.grantbook.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The classes of the application and of the server's libraries, unpacked from the JAR for as long as a command runs.
 */
final class PackedApplication implements AutoCloseable {

    private static final String LIBRARIES = "MICRO-INF/runtime/";
    private static final String APPLICATION = "MICRO-INF/deploy/ROOT.war";
    private static final String CLASSES = "WEB-INF/classes/";
    private static final String OWN_LIBRARIES = "WEB-INF/lib/";

    private final Path folder;
    private final URLClassLoader classes;

    PackedApplication(Path jar) throws IOException {
        folder = Files.createTempDirectory("grantbook-command");
        var path = new ArrayList<URL>();
        path.add(Files.createDirectory(folder.resolve("classes")).toUri().toURL());
        try (var archive = new ZipFile(jar.toFile())) {
            try (var war = new ZipInputStream(archive.getInputStream(archive.getEntry(APPLICATION)))) {
                for (ZipEntry entry = war.getNextEntry(); entry != null; entry = war.getNextEntry()) {
                    if (entry.getName().startsWith(CLASSES) && !entry.isDirectory()) {
                        copy(
                                war,
                                folder.resolve("classes")
                                        .resolve(entry.getName().substring(CLASSES.length())));
                    } else if (entry.getName().startsWith(OWN_LIBRARIES)
                            && entry.getName().endsWith(".jar")) {
                        path.add(library(war, entry));
                    }
                }
            }
            for (Enumeration<? extends ZipEntry> entries = archive.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                if (isLibrary(entry.getName())) {
                    try (InputStream in = archive.getInputStream(entry)) {
                        path.add(library(in, entry));
                    }
                }
            }
        } catch (IOException e) {
            delete();
            throw e;
        }
        classes = new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    /** The server's MicroProfile Config waits for the server; without it, settings are read by ourselves. */
    private static boolean isLibrary(String entry) {
        return entry.startsWith(LIBRARIES)
                && entry.endsWith(".jar")
                && !entry.startsWith(LIBRARIES + "microprofile-config");
    }

    private URL library(InputStream in, ZipEntry entry) throws IOException {
        String name = entry.getName();
        Path file = folder.resolve("lib").resolve(name.substring(name.lastIndexOf('/') + 1));
        copy(in, file);
        return file.toUri().toURL();
    }

    private void copy(InputStream in, Path to) throws IOException {
        if (!to.normalize().startsWith(folder)) {
            throw new IOException("an entry of the archive leads out of it: " + to);
        }
        Files.createDirectories(to.getParent());
        Files.copy(in, to);
    }

    Class<?> load(String type) throws ClassNotFoundException {
        Thread.currentThread().setContextClassLoader(classes);
        return classes.loadClass(type);
    }

    @Override
    public void close() throws IOException {
        classes.close();
        delete();
    }

    private void delete() throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.delete(file);
        }
    }
}
