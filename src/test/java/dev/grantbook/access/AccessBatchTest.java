package dev.grantbook.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.apikey.Caller;
import dev.grantbook.apikey.Permission;
import dev.grantbook.catalogue.account.Account;
import dev.grantbook.connector.Connector;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Grant;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.grant.lifecycle.ReceivedTokens;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Scopes;
import dev.grantbook.oauth.Secret;
import dev.grantbook.oauth.TokenResponse;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.token.FreshTokens;
import dev.grantbook.vault.VaultException;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What holds for the question about many subjects. */
@OnDatabases(h2 = false)
class AccessBatchTest {

    private static final String BOT = "ledger-bot";
    private static final Scopes GRANTED = Scopes.of("ASSETS:READ", "SNAPSHOTS:READ");

    @TestBean
    final Caller caller = new Caller() {
        @Override
        public boolean may(Permission permission) {
            return true;
        }

        @Override
        public Set<ConnectorId> connectors() {
            return Set.of();
        }
    };

    @Parameter
    Database database;

    @Inject
    GrantIssuing issuing;

    private AccessBatchResource resource = new AccessBatchResource();

    @BeforeEach
    void setUp() {
        resource = Beans.inject(new AccessBatchResource());
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('" + BOT + "', '" + TestConnectors.LEDGER_BOT + "', TRUE, 1)");
    }

    @Test
    void howeverManySubjectsThereAreTheDatabaseIsAskedAsOften() {
        List<String> subjects = granted(50);

        int few = database.statements(() -> assertAuthorized(subjects.subList(0, 2)));
        int many = database.statements(() -> assertAuthorized(subjects));

        assertThat(many).isEqualTo(few);
    }

    @Test
    void whateverIsWrongWithOneKeepsNoOtherFromItsAnswer() {
        List<String> subjects = granted(2);
        FreshTokens real = Beans.another(FreshTokens.class);
        Beans.replace(new FreshTokens() {
            @Override
            public Fresh of(Connector connector, Grant grant) {
                if (grant.subject().value().equals(subjects.get(0))) {
                    throw new VaultException("as the test wants", new IllegalStateException());
                }
                return real.of(connector, grant);
            }

            @Override
            public Fresh atHand(Grant grant) {
                return real.atHand(grant);
            }
        });

        assertAuthorized(subjects);
    }

    private void assertAuthorized(List<String> subjects) {
        assertThat(answers(subjects)).hasSameSizeAs(subjects).allSatisfy(answer -> {
            assertThat(answer.getString("status")).isEqualTo("authorized");
            assertThat(answer).containsKey("access_token");
        });
    }

    private List<JsonObject> answers(List<String> subjects) {
        String question = Json.createObjectBuilder()
                .add("connector", BOT)
                .add("subjects", Json.createArrayBuilder(subjects))
                .add("features", Json.createArrayBuilder().add("portfolio"))
                .build()
                .toString();
        try {
            return resource.access(new ByteArrayInputStream(question.getBytes(StandardCharsets.UTF_8)))
                    .getJsonArray("answers")
                    .getValuesAs(JsonObject.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So many subjects, each with a grant whose token has just come. */
    private List<String> granted(int many) {
        List<String> subjects =
                IntStream.range(0, many).mapToObj(i -> "subject-" + i).toList();
        subjects.forEach(subject -> database.run(() -> issuing.record(received(subject), "user", null, null)));
        return subjects;
    }

    private static ReceivedTokens received(String subject) {
        var token = new TokenResponse(new Secret("access-" + subject), "Bearer", null, null, GRANTED, null);
        return new ReceivedTokens(
                new ConnectorId(BOT),
                new Subject(subject),
                new Account("a-" + subject, null, null),
                GRANTED,
                token,
                List.of());
    }
}
