package dev.grantbook.bench.bare;

import jakarta.enterprise.context.RequestScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Whoever has the key gets a user's token, which JPA's cache holds. */
@Path("/")
@RequestScoped
public class TokenResource {

    private static final byte[] EXPECTED =
            ("Bearer " + System.getProperty("bench.key")).getBytes(StandardCharsets.UTF_8);

    public record Answer(String access_token, List<String> granted) {}

    @PersistenceContext
    EntityManager tokens;

    @GET
    @Path("hello")
    public String hello() {
        return "hello";
    }

    @GET
    @Path("token/{user}")
    @Produces(MediaType.APPLICATION_JSON)
    public Answer token(@PathParam("user") String user, @HeaderParam("Authorization") String given) {
        if (given == null || !MessageDigest.isEqual(EXPECTED, given.getBytes(StandardCharsets.UTF_8))) {
            throw new NotAuthorizedException("Bearer");
        }
        Token token = tokens.find(Token.class, user);
        if (token == null) {
            throw new NotFoundException();
        }
        return new Answer(token.accessToken(), List.of(token.granted().split(" ")));
    }
}
