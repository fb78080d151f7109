package dev.grantbook.grant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.id.GrantId;
import dev.grantbook.oauth.Secret;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.InjectedField;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.vault.Resealing;
import dev.grantbook.vault.TestRotations;
import dev.grantbook.vault.TestVaults;
import dev.grantbook.vault.Vault;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** Tokens are read and written as ever while a rotation goes on, in every database. */
@OnDatabases
class RotationTest {

    private static final int SUBJECTS = 4;
    private static final int ROUNDS = 12;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    private final Vault before = TestVaults.fresh();
    private final Vault rotated = TestRotations.rotated(before);

    @Parameter
    Database database;

    /** What a node with this vault writes and reads with. */
    private record Node(Grants grants, GrantIssuing issuing) {

        static Node with(Vault vault) {
            var node = new Node(Beans.another(Grants.class), Beans.another(GrantIssuing.class));
            node.grants.vault = vault;
            InjectedField.set(node.issuing, "vault", vault);
            return node;
        }
    }

    @BeforeEach
    void setUp() {
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
    }

    @Test
    void noTokenIsLostOrHeldUp() {
        Node behind = Node.with(TestRotations.known(rotated, before));
        Map<String, String> written = new ConcurrentHashMap<>();
        Map<String, String> ids = new HashMap<>();
        for (int i = 0; i < SUBJECTS; i++) {
            String subject = "subject-" + i;
            ids.put(subject, database.in(() -> write(behind, subject, "first", written)));
        }
        // Nobody writes this one again, so that there is something to do however late the worker comes.
        ids.put("idle", database.in(() -> write(behind, "idle", "first", written)));
        AtomicInteger worker = new AtomicInteger();
        AtomicInteger resealed = new AtomicInteger();

        // One worker seals again; each of the others writes its own grant, with the old key first and the new one
        // later.
        database.together(SUBJECTS + 1, () -> {
            int number = worker.getAndIncrement();
            if (number == SUBJECTS) {
                for (int i = 0; i < ROUNDS; i++) {
                    resealed.addAndGet(
                            TestRotations.resealing(database, rotated).pass().resealed());
                }
                return number;
            }
            Node ahead = Node.with(rotated);
            String subject = "subject-" + number;
            for (int i = 0; i < ROUNDS; i++) {
                Node node = i < ROUNDS / 2 ? behind : ahead;
                String token = subject + "-token-" + i;
                database.in(() -> write(node, subject, token, written));
                assertThat(read(ahead, ids.get(subject))).isEqualTo(token);
            }
            return number;
        });

        Resealing last = TestRotations.resealing(database, rotated);
        resealed.addAndGet(last.pass().resealed());
        assertThat(resealed.get()).isPositive();
        assertThat(last.census().keySet()).hasSize(1);
        Node after = Node.with(TestRotations.withoutOldKey(rotated));
        written.forEach(
                (subject, token) -> assertThat(read(after, ids.get(subject))).isEqualTo(token));
    }

    private static String write(Node node, String subject, String token, Map<String, String> written) {
        Grant grant = node.issuing.record(
                new Sample()
                        .subject(subject)
                        .account("a-" + subject)
                        .token(token)
                        .refresh("refresh-" + token)
                        .received(),
                "user",
                null,
                null);
        written.put(subject, token);
        return grant.id().value();
    }

    private String read(Node node, @Nullable String id) {
        return database.in(() -> node.grants
                .find(new GrantId(Objects.requireNonNull(id)))
                .flatMap(node.grants::accessToken)
                .map(Secret::value)
                .orElseThrow());
    }
}
