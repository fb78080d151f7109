package dev.grantbook.administrator;

import java.io.Serializable;

/**
 * What a session knows of whoever signed in. It proves nothing by itself: each request asks again whether there is such
 * an administrator, with which role.
 *
 * @param stamp changes with the password
 */
record SignedIn(String name, String stamp) implements Serializable {

    /** The session's attribute. */
    static final String KEY = "grantbook.signed-in";
}
