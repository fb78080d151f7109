package dev.grantbook.sandbox;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** A consent page does not ask: the request is wrong. */
public final class ConsentRefusal extends RuntimeException {

    private final String code;
    private final @Nullable URI back;

    private ConsentRefusal(String code, String description, @Nullable URI back) {
        super(description);
        this.code = code;
        this.back = back;
    }

    /** The user sees an error, and is never sent back. */
    public static ConsentRefusal page(String code, String description) {
        return new ConsentRefusal(code, description, null);
    }

    /** The user is sent back at once, with the error in the address. */
    public static ConsentRefusal back(URI location) {
        return new ConsentRefusal("", "", location);
    }

    public String code() {
        return code;
    }

    public String description() {
        return String.valueOf(getMessage());
    }

    /** Null when the error is shown. */
    @Nullable
    public URI back() {
        return back;
    }
}
