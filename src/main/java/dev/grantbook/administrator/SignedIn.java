package dev.grantbook.administrator;

import java.io.Serializable;

/** Names the signed-in administrator in a session; each request checks whether it still exists and has the stamp. */
record SignedIn(String name, String stamp) implements Serializable {

    static final String KEY = "grantbook.signed-in";
}
