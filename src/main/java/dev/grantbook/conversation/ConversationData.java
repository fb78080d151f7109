package dev.grantbook.conversation;

import dev.grantbook.grant.GrantJson;
import dev.grantbook.platform.json.Json;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A person's sessions in bot platforms, and the links handed out in them. */
@ApplicationScoped
@Transactional
public class ConversationData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        var conversations = Json.createArrayBuilder();
        of(person).forEach(one -> conversations.add(describe(one)));
        all.add("conversations", conversations);
    }

    @Override
    public int erase(Person person) {
        List<Conversation> conversations = of(person);
        // Their links go with them.
        conversations.forEach(entities::remove);
        entities.flush();
        return conversations.size();
    }

    private List<Conversation> of(Person person) {
        return entities.createQuery(
                        "SELECT c FROM Conversation c WHERE c.connector IN :connectors AND c.subject = :subject"
                                + " ORDER BY c.createdAt",
                        Conversation.class)
                .setParameter("connectors", person.connectors())
                .setParameter("subject", person.subject())
                .getResultList();
    }

    private JsonObject describe(Conversation conversation) {
        var json = Json.createObjectBuilder()
                .add("channel", conversation.channel().name().toLowerCase(Locale.ROOT))
                .add("id", conversation.session())
                .add("connector", conversation.connector())
                .add("auth_code", conversation.codeStatus().name().toLowerCase(Locale.ROOT))
                .add("created_at", conversation.createdAt().toString())
                .add("updated_at", conversation.updatedAt().toString());
        text(json, "grant", conversation.grantId());
        text(json, "account", conversation.accountId());
        text(json, "account_name", conversation.accountName());
        if (conversation.tokenScopes() != null) {
            json.add("token_scopes", GrantJson.scopes(conversation.tokenScopes()));
        }
        GrantJson.time(json, "token_expires_at", conversation.tokenExpiry());
        GrantJson.time(json, "token_verified_at", conversation.tokenVerifiedAt());
        var sealed = Json.createArrayBuilder();
        if (conversation.authCode() != null) {
            sealed.add("auth_code");
        }
        if (conversation.codeVerifier() != null) {
            sealed.add("code_verifier");
        }
        if (conversation.accessToken() != null) {
            sealed.add("access_token");
        }
        return json.add("sealed", sealed).add("links", links(conversation)).build();
    }

    private JsonArray links(Conversation conversation) {
        var links = Json.createArrayBuilder();
        for (ConversationLink link : entities.createQuery(
                        "SELECT l FROM ConversationLink l WHERE l.conversation = :conversation ORDER BY l.createdAt",
                        ConversationLink.class)
                .setParameter("conversation", conversation.id())
                .getResultList()) {
            var json = Json.createObjectBuilder().add("id", link.id());
            text(json, "return_to", link.returnTo());
            text(json, "ending", link.ending() == null ? null : link.ending().wire());
            text(json, "grant", link.grantId());
            var sealed = Json.createArrayBuilder();
            if (link.finishAt() != null) {
                sealed.add("finish_at");
            }
            links.add(json.add("sealed", sealed));
        }
        return links.build();
    }

    private static void text(JsonObjectBuilder json, String name, @Nullable String text) {
        if (text != null) {
            json.add(name, text);
        }
    }
}
