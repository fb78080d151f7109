package dev.grantbook.platform.config;

/**
 * In which order the rooms get ready when the application starts: priorities of the observers of
 * {@link jakarta.enterprise.event.Startup}. Whoever throws there stops the deployment.
 */
public final class StartOrder {

    public static final int SETTINGS = 100;
    public static final int DATABASE = 200;
    public static final int VAULT = 300;
    public static final int CATALOGUE = 400;
    public static final int SANDBOX = 500;
    public static final int CONNECTORS = 600;
    public static final int ACCESS = 700;

    /** Work that comes round again: all it needs is there. */
    public static final int WORK = 800;

    private StartOrder() {}
}
