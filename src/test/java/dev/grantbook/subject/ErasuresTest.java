package dev.grantbook.subject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.connector.Connectors;
import dev.grantbook.connector.TestConnectors;
import dev.grantbook.grant.Sample;
import dev.grantbook.grant.lifecycle.GrantEnding;
import dev.grantbook.grant.lifecycle.GrantIssuing;
import dev.grantbook.id.ConnectorId;
import dev.grantbook.id.GrantId;
import dev.grantbook.id.Subject;
import dev.grantbook.oauth.Secret;
import dev.grantbook.platform.persistence.PersonalData;
import dev.grantbook.provider.ProviderToken;
import dev.grantbook.testing.Beans;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestBean;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.Vault;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;

/** What holds for telling and forgetting everything about one subject. */
@OnDatabases(h2 = false)
class ErasuresTest {

    /** Words that stand nowhere else. */
    private static final String SUBJECT = "zyx-subject";

    private static final String ACCOUNT = "zyx-account";

    /** Tables that say whose something is. A new one belongs here, and into a room's {@link PersonalData}. */
    private static final Set<String> PERSONAL =
            Set.of("attempt", "conversation", "delivery", "import_item", "invitation", "user_grant");

    @Parameter
    Database database;

    @TestBean
    final Connectors connectors = TestConnectors.none();

    @Inject
    TestClock clock;

    @Inject
    Vault vault;

    @Inject
    GrantIssuing issuing;

    @Inject
    GrantEnding ending;

    @Inject
    GrantData data;

    private Erasures erasures = new Erasures();

    @BeforeEach
    void setUp() {
        erasures = Beans.another(Erasures.class);
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1), ('diary', '{}', FALSE, 1)");
    }

    @Test
    void everyTableThatSaysWhoseSomethingIsIsThoughtOf() {
        assertThat(columnsNamed("subject", "account_id", "account_name")).isEqualTo(new TreeSet<>(PERSONAL));
    }

    @Test
    void nothingIsLeftOfASubject() {
        fill("wallet");
        fill("diary");
        assertThat(traces()).containsAll(PERSONAL);

        Erasure done = erase(Set.of());

        assertThat(traces()).isEmpty();
        assertThat(done).isNotNull().returns(clock.instant(), Erasure::doneAt).returns("api-key:bot", Erasure::actor);
        assertThat(database.sql("SELECT rows_erased FROM erasure")).containsExactly(List.of("14"));
    }

    @Test
    void theirProvidersAreToldOfTokensThatSayNothingOfThem() {
        String ended = record("wallet", SUBJECT, ACCOUNT);
        database.run(() -> ending.disconnect(new GrantId(ended), "api-key:bot", any -> {}));
        record("diary", SUBJECT, ACCOUNT);

        erase(Set.of());

        assertThat(traces()).isEmpty();
        assertThat(database.sql("SELECT connector, grant_id FROM revocation ORDER BY connector"))
                .containsExactly(List.of("diary", "null"), List.of("wallet", "null"));
    }

    @Test
    void aTripThatEndsMeanwhileLeavesNothing() {
        var ending = new PersonalData() {
            private boolean over;

            @Override
            public void tell(Person person, JsonObjectBuilder all) {}

            @Override
            public int erase(Person person) {
                if (over) {
                    return 0;
                }
                over = true;
                issuing.record(new Sample().connector("wallet").subject(SUBJECT).received(), "user", null, null);
                return 1;
            }
        };
        erasures.rooms = instance(List.of(data, ending));

        erase(Set.of());

        assertThat(database.sql("SELECT id FROM user_grant")).isEmpty();
        assertThat(database.sql("SELECT rows_erased FROM erasure")).containsExactly(List.of("2"));
    }

    @Test
    void othersKeepEverything() {
        fill("wallet");
        record("wallet", "bob", "b-1");
        database.tamper("INSERT INTO conversation (id, connector, channel, session_id, subject, auth_code_status,"
                + " created_at, updated_at, version) VALUES ('bobs', 'wallet', 'WEB', 'bobs', 'bob', 'NONE',"
                + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");

        erase(Set.of());

        assertThat(database.sql("SELECT subject FROM user_grant")).containsExactly(List.of("bob"));
        assertThat(database.sql("SELECT subject FROM conversation")).containsExactly(List.of("bob"));
        assertThat(database.sql("SELECT COUNT(*) FROM grant_event")).containsExactly(List.of("1"));
    }

    @Test
    void aBotErasesItsOwnConnectorsOnly() {
        fill("wallet");
        fill("diary");

        erase(Set.of(new ConnectorId("wallet")));

        assertThat(database.sql("SELECT DISTINCT connector FROM user_grant")).containsExactly(List.of("diary"));
        assertThat(database.sql("SELECT DISTINCT connector FROM invitation")).containsExactly(List.of("diary"));
        assertThat(tell(Set.of(new ConnectorId("wallet"))).getJsonArray("grants"))
                .isEmpty();
        assertThat(tell(Set.of(new ConnectorId("diary"))).getJsonArray("grants"))
                .hasSize(1);
    }

    @Test
    void theSecondTimeThereIsNothing() {
        fill("wallet");
        erase(Set.of());

        assertThat(erase(Set.of())).isNull();
        assertThat(database.sql("SELECT COUNT(*) FROM erasure")).containsExactly(List.of("1"));
    }

    @Test
    void everythingIsToldAndNoSecretIs() {
        fill("wallet");

        JsonObject all = tell(Set.of());

        JsonObject grant = all.getJsonArray("grants").getJsonObject(0);
        assertThat(grant.getJsonObject("account").getString("id")).isEqualTo(ACCOUNT);
        assertThat(grant.getJsonArray("sealed").toString()).isEqualTo("[\"access_token\",\"refresh_token\"]");
        assertThat(grant.getJsonArray("history")).hasSize(1);
        assertThat(grant.getJsonArray("secondary_tokens").getJsonObject(0).getString("name"))
                .isEqualTo("zyx-shop");
        assertThat(all.getJsonArray("invitations")).hasSize(1);
        assertThat(all.getJsonArray("invitations").getJsonObject(0).getString("context"))
                .isEqualTo("zyx-said");
        assertThat(all.getJsonArray("attempts"))
                .as("also the one of a public start")
                .hasSize(2);
        assertThat(all.getJsonArray("conversations").getJsonObject(0).getString("id"))
                .isEqualTo("zyx-session");
        assertThat(all.getJsonArray("deliveries").getJsonObject(0).getString("type"))
                .isEqualTo("grant.created");
        assertThat(all.getJsonArray("imports").getJsonObject(0).getString("state"))
                .isEqualTo("waiting");
        assertThat(all.toString()).doesNotContain("sealed-token", "access-1", "refresh-1", "page-token");
    }

    @Test
    void aSubjectThatNobodyKnowsHasEmptyLists() {
        assertThat(tell(Set.of()))
                .containsOnlyKeys("grants", "invitations", "attempts", "conversations", "deliveries", "imports")
                .allSatisfy((room, all) -> assertThat(all.asJsonArray()).isEmpty());
    }

    /** Something in every room: a grant, a link, a trip by it and one after a public start, and a conversation. */
    private void fill(String connector) {
        imported(connector);
        String grant = record(connector, SUBJECT, ACCOUNT);
        String id = connector + "-";
        database.tamper("INSERT INTO invitation (id, token_hash, connector, subject, account_id, features, scopes,"
                + " context, status, grant_id, created_at, expires_at, version) VALUES ('" + id
                + "i', '" + id
                + "h', '" + connector
                + "', '" + SUBJECT + "', '" + ACCOUNT + "', '', '', '"
                + vault.seal("\"zyx-said\"", "invitation/" + id + "i/context").text() + "', 'GRANTED', '" + grant
                + "', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
        attempt(connector, id + "a", "'" + id + "i'", "'" + SUBJECT + "'", grant);
        attempt(connector, id + "p", "NULL", "NULL", grant);
        database.tamper("INSERT INTO conversation (id, connector, channel, session_id, subject, grant_id,"
                + " auth_code_status, account_id, account_name, created_at, updated_at, version) VALUES ('" + id
                + "c', '"
                + connector + "', 'WEB', 'zyx-session', '" + SUBJECT + "', '" + grant + "', 'NONE', '" + ACCOUNT
                + "', 'Zyx-Name', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
        database.tamper("INSERT INTO conversation_link (id, conversation, return_to, created_at, expires_at, version)"
                + " VALUES ('" + id + "l', '" + id
                + "c', 'https://zyx-.example.com', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
        database.tamper(
                "INSERT INTO delivery (number, id, type, connector, line, subject, body, state, created_at, since,"
                        + " due_at, tries, version) VALUES (" + connector.length() + ", '" + id
                        + "d', 'grant.created', '"
                        + connector + "', '" + grant + "', '" + SUBJECT
                        + "', '{}', 'WAITING', CURRENT_TIMESTAMP,"
                        + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 1)");
    }

    private void imported(String connector) {
        database.tamper("INSERT INTO import VALUES ('" + connector + "-m', 'api-key:bot', 1, CURRENT_TIMESTAMP)");
        database.tamper("INSERT INTO import_item (id, import_id, number, connector, provider, subject, access_token,"
                + " scopes, state, created_at, due_at, tries, version) VALUES ('" + connector + "-n', '"
                + connector + "-m', 0, '" + connector + "', 'mixin', '" + SUBJECT
                + "', 'sealed-token', '', 'WAITING', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 0, 1)");
    }

    private void attempt(String connector, String id, String invitation, String subject, String grant) {
        database.tamper(
                "INSERT INTO attempt (id, state_hash, browser_hash, handle_used, connector, invitation, subject,"
                        + " account_id, features, scopes, asked, asked_before, status, grant_id, created_at, expires_at, version)"
                        + " VALUES ('" + id + "', '" + id + "', 'b', FALSE, '" + connector + "', " + invitation
                        + ", " + subject
                        + ", " + (subject.equals("NULL") ? "NULL" : "'" + ACCOUNT + "'")
                        + ", '', '', '', 0, 'GRANTED', '" + grant
                        + "', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
    }

    private String record(String connector, String subject, String account) {
        return database.in(() -> issuing.record(
                        new Sample()
                                .connector(connector)
                                .subject(subject)
                                .account(account)
                                .name("Zyx-Name")
                                .refresh("refresh-1")
                                .secondaryTokens(new ProviderToken("page", "p-1", "zyx-shop", new Secret("page-token")))
                                .received(),
                        "user",
                        null,
                        null)
                .id()
                .value());
    }

    private @Nullable Erasure erase(Set<ConnectorId> connectors) {
        return database.in(() -> erasures.erase(connectors, new Subject(SUBJECT), "api-key:bot"));
    }

    private JsonObject tell(Set<ConnectorId> connectors) {
        return database.in(() -> {
            var all = Json.createObjectBuilder();
            erasures.tell(erasures.person(connectors, new Subject(SUBJECT)), all);
            return all.build();
        });
    }

    /** The tables in which a row still says something of the subject. */
    private Set<String> traces() {
        Set<String> found = new TreeSet<>();
        for (String table : tables()) {
            String all = database.sql("SELECT * FROM " + table).toString();
            // With the hyphen, since chance may put the letters into what is sealed.
            if (all.toLowerCase(Locale.ROOT).contains("zyx-")) {
                found.add(table);
            }
        }
        return found;
    }

    private Set<String> tables() {
        return names(
                "SELECT table_name FROM information_schema.tables WHERE LOWER(table_schema) = 'public' AND LOWER(table_name) NOT LIKE 'flyway%'");
    }

    private Set<String> columnsNamed(String... columns) {
        Set<String> ours = tables();
        Set<String> found = names("SELECT DISTINCT table_name FROM information_schema.columns"
                + " WHERE LOWER(table_schema) = 'public' AND LOWER(column_name) IN ('" + String.join("', '", columns)
                + "')");
        found.retainAll(ours);
        return found;
    }

    private Set<String> names(String query) {
        Set<String> names = new TreeSet<>();
        database.sql(query).forEach(row -> names.add(row.get(0).toLowerCase(Locale.ROOT)));
        return names;
    }

    /** As CDI injects them. */
    @SuppressWarnings("unchecked")
    private static Instance<PersonalData> instance(List<PersonalData> rooms) {
        return (Instance<PersonalData>) Proxy.newProxyInstance(
                Instance.class.getClassLoader(),
                new Class<?>[] {Instance.class},
                (proxy, method, arguments) ->
                        method.getName().equals("stream") ? rooms.stream() : method.invoke(rooms, arguments));
    }
}
