package dev.grantbook.platform.config;

/** Order in which rooms get ready: priorities of observers of {@link jakarta.enterprise.event.Startup}. */
public final class StartOrder {

    public static final int SETTINGS = 100;
    public static final int DATABASE = 200;
    public static final int VAULT = 300;
    public static final int CATALOGUE = 400;
    public static final int SANDBOX = 500;
    public static final int CONNECTORS = 600;
    public static final int ACCESS = 700;

    /** Repeated work starts last, when everything it needs is ready. */
    public static final int WORK = 800;

    private StartOrder() {}
}
