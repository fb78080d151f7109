package dev.grantbook.administrator;

/** What an administrator may do; the constants are the role names of the server. */
public final class Role {

    /** May see and change. */
    public static final String ADMIN = "admin";

    /** May see. */
    public static final String AUDITOR = "auditor";

    private Role() {}
}
