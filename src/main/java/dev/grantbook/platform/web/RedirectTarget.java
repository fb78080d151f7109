package dev.grantbook.platform.web;

import dev.grantbook.platform.config.Settings;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;

/** A resource whose address holds a secret that works once: renders nothing, and ignores HEAD of link previews. */
public abstract class RedirectTarget {

    @Inject
    protected Settings settings;

    @Context
    protected HttpServletRequest request;

    @HEAD
    public Response look() {
        return Response.noContent().build();
    }
}
