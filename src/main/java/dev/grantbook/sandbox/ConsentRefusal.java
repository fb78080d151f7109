package dev.grantbook.sandbox;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Rejects a faulty authorization request. */
public final class ConsentRefusal extends RuntimeException {

    private final String code;
    private final @Nullable URI back;

    private ConsentRefusal(String code, String description, @Nullable URI back) {
        super(description);
        this.code = code;
        this.back = back;
    }

    /** Shows the error to the user, who is never sent back. */
    public static ConsentRefusal page(String code, String description) {
        return new ConsentRefusal(code, description, null);
    }

    /** Sends the user back at once, with the error in the address. */
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
