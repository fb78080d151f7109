package dev.grantbook.console;

import jakarta.faces.annotation.RequestParameterMap;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A list with its filters and cursor in the address. */
public abstract class ListBacking {

    @Inject
    @RequestParameterMap
    protected Map<String, String> parameters = Map.of();

    private @Nullable ListAddress address;

    /** Called first: begins to read the address of the list at this path. */
    protected ListAddress open(String path) {
        address = new ListAddress(parameters, path);
        return address;
    }

    public ListAddress getAddress() {
        return Objects.requireNonNull(address);
    }
}
