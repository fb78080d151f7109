package dev.grantbook.sandbox;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;

/** Renders refusals for programs. */
@Provider
public class MixinRefusalMapper implements ExceptionMapper<MixinRefusal> {

    @Override
    public Response toResponse(MixinRefusal refusal) {
        return Response.accepted(refusal.toJson().toString())
                .type(MediaType.APPLICATION_JSON)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}
