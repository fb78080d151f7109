package dev.grantbook.administrator;

import java.io.Serializable;

/**
 * The signed-in administrator in a session. It proves nothing by itself: each request checks whether the administrator
 * still exists, and with which role.
 *
 * @param stamp changes with the password
 */
record SignedIn(String name, String stamp) implements Serializable {

    static final String KEY = "grantbook.signed-in";
}
