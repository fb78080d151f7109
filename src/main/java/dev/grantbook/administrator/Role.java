package dev.grantbook.administrator;

/** Roles of administrators. */
public final class Role {

    /** May read and change. */
    public static final String ADMIN = "admin";

    /** May read. */
    public static final String AUDITOR = "auditor";

    private Role() {}
}
