package dev.grantbook.conversation;

import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.TypedId;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.platform.json.RecordJson;
import dev.grantbook.platform.persistence.PersonalData;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.json.JsonObjectBuilder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.PersistenceContext;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exports and erases a person's conversations with their links. */
@ApplicationScoped
@Transactional
public class ConversationData implements PersonalData {

    @PersistenceContext
    EntityManager entities;

    @Override
    public void tell(Person person, JsonObjectBuilder all) {
        all.add(
                "conversations",
                RecordJson.array(of(person).stream().map(this::describe).toList()));
    }

    @Override
    public int erase(Person person) {
        List<Conversation> conversations = of(person);
        // The database deletes their links.
        conversations.forEach(entities::remove);
        entities.flush();
        return conversations.size();
    }

    private List<Conversation> of(Person person) {
        return entities.createQuery(
                        "SELECT c FROM Conversation c WHERE c.connector IN :connectors AND c.subject = :subject"
                                + " ORDER BY c.createdAt",
                        Conversation.class)
                .setParameter("connectors", TypedId.values(person.connectors()))
                .setParameter("subject", person.subject().value())
                .getResultList();
    }

    private KeptConversation describe(Conversation conversation) {
        List<String> sealed = new ArrayList<>();
        if (conversation.authCode() != null) {
            sealed.add("auth_code");
        }
        if (conversation.codeVerifier() != null) {
            sealed.add("code_verifier");
        }
        if (conversation.accessToken() != null) {
            sealed.add("access_token");
        }
        return new KeptConversation(
                conversation.channel(),
                conversation.session(),
                conversation.connector(),
                conversation.codeStatus(),
                conversation.createdAt(),
                conversation.updatedAt(),
                conversation.grantId(),
                conversation.accountId(),
                conversation.accountName(),
                conversation.tokenScopes(),
                conversation.tokenExpiry(),
                conversation.tokenVerifiedAt(),
                sealed,
                links(conversation));
    }

    private List<KeptLink> links(Conversation conversation) {
        return entities.createQuery(
                        "SELECT l FROM ConversationLink l WHERE l.conversation = :conversation ORDER BY l.createdAt",
                        ConversationLink.class)
                .setParameter("conversation", conversation.id())
                .getResultStream()
                .map(link -> new KeptLink(
                        link.id(),
                        link.returnTo(),
                        link.ending(),
                        link.grantId(),
                        link.finishAt() == null ? List.of() : List.of("finish_at")))
                .toList();
    }

    private record KeptConversation(
            Channel channel,
            String id,
            ConnectorId connector,
            Conversation.CodeStatus authCode,
            Instant createdAt,
            Instant updatedAt,
            @Nullable GrantId grant,
            @Nullable String account,
            @Nullable String accountName,
            @Nullable Scopes tokenScopes,
            @Nullable Instant tokenExpiresAt,
            @Nullable Instant tokenVerifiedAt,
            List<String> sealed,
            List<KeptLink> links) {}

    private record KeptLink(
            String id,
            @Nullable String returnTo,
            ConversationLink.@Nullable LinkEnd ending,
            @Nullable GrantId grant,
            List<String> sealed) {}
}
