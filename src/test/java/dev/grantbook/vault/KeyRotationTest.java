package dev.grantbook.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KmsClient;
import com.google.crypto.tink.KmsClients;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.Settings.KeysetSettings;
import dev.grantbook.platform.jobs.Job;
import dev.grantbook.platform.jobs.Jobs;
import dev.grantbook.testing.Configuration;
import dev.grantbook.testing.Counts;
import dev.grantbook.testing.Database;
import dev.grantbook.testing.OnDatabases;
import dev.grantbook.testing.TestClock;
import dev.grantbook.vault.KeyRotation.RotationState;
import dev.grantbook.vault.KeyRotation.Stage;
import dev.grantbook.vault.RotationRefused.RotationRefusal;
import jakarta.enterprise.event.Startup;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** A new key comes into use and an old one out of it, in every database, and on nodes with a keyset file each. */
@OnDatabases
class KeyRotationTest {

    private static final Duration PAUSE = Job.KEY_ROTATION.pace(Settings.read());

    private static final String PLACE = "secondary_token/h/token";

    @RegisterExtension
    final Configuration configuration = new Configuration();

    @RegisterExtension
    final Counts counts = new Counts();

    @TempDir
    Path data;

    private final TestClock clock = new TestClock();

    @Parameter
    Database database;

    /** A node with a keyset file of its own. */
    private final class Node {

        private final Path file;
        private final Vault vault = new Vault();
        private final KeyRotation rotation = new KeyRotation();
        private final List<Runnable> works = new ArrayList<>();

        Node(String name) throws SQLException {
            file = data.resolve(name + ".json");
            Settings settings =
                    configuration.with("grantbook.keyset.file", file.toString()).settings();
            vault.settings = settings;
            vault.dataSource = database.dataSource();
            rotation.vault = vault;
            rotation.resealing = TestRotations.resealing(database, vault);
            rotation.settings = settings;
            rotation.clock = clock;
            rotation.dataSource = database.dataSource();
            rotation.jobs = new Jobs() {
                @Override
                public void start(Job job, Runnable work) {
                    works.add(work);
                }
            };
            vault.start(new Startup());
            rotation.start(new Startup());
        }

        /** What it does every {@link #PAUSE}. */
        void round() {
            works.forEach(Runnable::run);
        }

        /** Brings the keyset file of another node here, as an operator would. */
        void copyFrom(Node other) throws IOException {
            Files.copy(other.file, file, StandardCopyOption.REPLACE_EXISTING);
            round();
        }

        /** Even for root, who may read any file. */
        void makeUnreadable() throws IOException {
            Files.delete(file);
            Files.createDirectory(file);
        }

        Stage stage(String key) {
            return rotation.state().keys().stream()
                    .filter(one -> one.number().equals(key))
                    .map(KeyRotation.KeyInfo::stage)
                    .findFirst()
                    .orElseThrow();
        }

        String primary() {
            return vault.keyset().primary();
        }
    }

    @BeforeEach
    void setUp() {
        configuration.with("grantbook.data", data.toString());
        database.clear();
        database.tamper("INSERT INTO connector VALUES ('wallet', '{}', TRUE, 1)");
        database.tamper("INSERT INTO granted_set VALUES ('set', 'wallet', '')");
        database.tamper("INSERT INTO user_grant (id, connector, subject, account_id, status, granted, granted_set,"
                + " token_type, created_at, updated_at, version) VALUES ('g', 'wallet', 'alice', '', 'ACTIVE', '', 'set',"
                + " 'Bearer', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, 1)");
    }

    @Test
    void aNewKeyTakesOverAndTheOldOneGoes() throws SQLException {
        Node node = new Node("one");
        keep(node.vault.seal("token", PLACE));
        String old = node.primary();

        String fresh = node.rotation.add();
        assertThat(node.stage(fresh)).isEqualTo(Stage.ADDED);
        assertThat(node.primary()).isEqualTo(old);

        node.rotation.promote(fresh);
        assertThat(node.stage(old)).isEqualTo(Stage.OLD);
        assertThat(node.primary()).isEqualTo(fresh);
        assertThat(node.rotation.state()).returns(1L, RotationState::values).returns(0L, RotationState::done);

        node.round();
        assertThat(node.rotation.state().done()).isEqualTo(1);

        refuses(RotationRefusal.NODES_BEHIND, () -> node.rotation.drop(old));
        clock.advance(PAUSE);
        node.rotation.drop(old);
        assertThat(node.rotation.state().keys())
                .containsExactly(new KeyRotation.KeyInfo(fresh, Stage.PRIMARY, 1, List.of()));
        assertThat(new Node("one").vault.open(kept(), PLACE)).isEqualTo("token");
    }

    @Test
    void noKeySealsBeforeEveryNodeKnowsIt() throws Exception {
        Node one = new Node("one");
        Files.copy(one.file, data.resolve("two.json"));
        Node two = new Node("two");
        String old = one.primary();
        keep(one.vault.seal("token", PLACE));

        String fresh = one.rotation.add();
        refuses(RotationRefusal.NODES_BEHIND, () -> one.rotation.promote(fresh));

        two.copyFrom(one);
        one.rotation.promote(fresh);
        assertThat(two.primary()).isEqualTo(old);
        assertThat(two.vault.open(one.vault.seal("token", PLACE), PLACE)).isEqualTo("token");

        one.round();
        two.round();
        assertThat(Keyset.keyOf(kept().text()))
                .as("a node that is behind undoes nothing")
                .contains(fresh);
        refuses(RotationRefusal.NODES_BEHIND, () -> one.rotation.drop(old));
        two.copyFrom(one);
        assertThat(two.primary()).isEqualTo(fresh);
        clock.advance(PAUSE);
        one.rotation.drop(old);
        assertThat(one.rotation.state().nodes()).hasSize(2);
    }

    @Test
    void aNodeThatNoLongerRunsIsNotWaitedFor() throws Exception {
        Node one = new Node("one");
        Files.copy(one.file, data.resolve("two.json"));
        Node gone = new Node("two");
        assertThat(gone.rotation.state().nodes()).hasSize(2);
        clock.advance(KeyRotation.SILENCE.plus(Duration.ofSeconds(1)));
        one.round();

        String fresh = one.rotation.add();
        one.rotation.promote(fresh);

        assertThat(one.primary()).isEqualTo(fresh);
        assertThat(one.rotation.state().nodes()).hasSize(1);
    }

    @Test
    void aNodeThatMeetsAnUnknownKeyReadsTheKeysetAtOnce() throws Exception {
        Node one = new Node("shared");
        Node two = new Node("shared");
        String fresh = one.rotation.add();
        two.round();
        one.rotation.promote(fresh);
        Sealed sealed = one.vault.seal("token", PLACE);

        assertThat(two.vault.open(sealed, PLACE)).isEqualTo("token");
    }

    @Test
    void theKeyOfAnythingThatIsLeftIsNotDropped() throws SQLException {
        Node node = new Node("one");
        String old = node.primary();
        Vault before = TestVaults.of(node.vault.keyset());
        String fresh = node.rotation.add();
        node.rotation.promote(fresh);
        node.rotation.resealing.columns = node.rotation.resealing.columns.stream()
                .filter(column -> column.table().equals("secondary_token"))
                .toList();
        keep(before.seal("token", PLACE));
        clock.advance(PAUSE);
        // Another node has the row in its hands, and may still undo what it does.
        try (var connection = database.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            try (var lock = connection.prepareStatement("SELECT id FROM secondary_token FOR UPDATE")) {
                lock.execute();
                refuses(RotationRefusal.STILL_NEEDED, () -> node.rotation.drop(old));
            }
            connection.rollback();
        }

        node.rotation.drop(old);

        assertThat(node.vault.open(kept(), PLACE)).isEqualTo("token");
    }

    @Test
    void oneRotationAtATimeAndEachStepInItsOrder() throws SQLException {
        Node node = new Node("one");
        String old = node.primary();

        refuses(RotationRefusal.WRONG_KEY, () -> node.rotation.promote("12"));
        refuses(RotationRefusal.WRONG_KEY, () -> node.rotation.drop(old));
        String fresh = node.rotation.add();
        refuses(RotationRefusal.GOES_ON, node.rotation::add);
        node.rotation.promote(fresh);
        refuses(RotationRefusal.WRONG_KEY, () -> node.rotation.promote(old));
    }

    @Test
    void aKeyThatWasAddedByMistakeIsDropped() throws Exception {
        Node one = new Node("shared");
        Node two = new Node("shared");
        clock.advance(PAUSE);
        String fresh = one.rotation.add();

        one.rotation.drop(fresh);

        assertThat(one.rotation.state().keys())
                .extracting(KeyRotation.KeyInfo::number)
                .containsExactly(two.primary());
        assertThat(one.rotation.add()).isNotEqualTo(fresh);
    }

    @Test
    void anAddedKeyThatAnotherNodeSealsWithIsNotDropped() throws Exception {
        Node one = new Node("one");
        Files.copy(one.file, data.resolve("two.json"));
        Node two = new Node("two");
        String fresh = one.rotation.add();
        two.copyFrom(one);
        one.rotation.promote(fresh);
        clock.advance(PAUSE);

        refuses(RotationRefusal.NODES_BEHIND, () -> two.rotation.drop(fresh));
        keep(one.vault.seal("token", PLACE));
        clock.advance(KeyRotation.SILENCE);
        two.round();
        clock.advance(PAUSE);
        two.round();

        refuses(RotationRefusal.STILL_NEEDED, () -> two.rotation.drop(fresh));
    }

    @Test
    void aNodeIsKnownAtEachMoment() throws SQLException {
        Node node = new Node("one");
        List<Integer> known = new ArrayList<>();
        DataSource real = node.rotation.dataSource;
        node.rotation.dataSource = (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    known.add(database.sql("SELECT id FROM vault_node").size());
                    return method.invoke(real, arguments);
                });

        node.rotation.report();

        assertThat(known).isNotEmpty().containsOnly(1);
    }

    @Test
    void whatChangesWhileANodeStartsItReadsBeforeItWorks() throws SQLException {
        Node one = new Node("shared");
        Node two = new Node("shared");
        String fresh = one.rotation.add();

        two.rotation.start(new Startup());

        assertThat(two.stage(fresh)).isEqualTo(Stage.ADDED);
        one.rotation.promote(fresh);
    }

    @Test
    void aFileThatCannotBeWrittenIsItsOperatorsToChange() {
        // The JDK's own files: not even root writes there.
        Path file = Path.of(URI.create("jrt:/java.base/java/lang/Object.class"));
        var settings = new KeysetSettings(Optional.empty(), file, Optional.empty());

        assertThat(new KeysetSource(settings).isOurs()).isFalse();
    }

    @Test
    void theKeysetFromBeforeStopsTheNextStart() throws Exception {
        Node node = new Node("one");
        String before = Files.readString(node.file);
        String fresh = node.rotation.add();
        node.rotation.promote(fresh);

        Files.writeString(node.file, before);

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Node("one"))
                .withMessageStartingWith("the keyset does not belong to this database")
                .withMessageContaining(fresh);
    }

    @Test
    void aBrokenKeysetFileChangesNothingThatRuns() throws Exception {
        Node node = new Node("one");
        Sealed sealed = node.vault.seal("token", PLACE);
        Files.writeString(node.file, Keyset.fresh().text(null));
        node.round();
        assertThat(node.vault.open(sealed, PLACE)).isEqualTo("token");

        Files.writeString(node.file, "{}");
        node.round();
        assertThat(node.vault.open(sealed, PLACE)).isEqualTo("token");
    }

    @Test
    void aNodeThatCannotReadItsKeysetIsStillWaitedFor() throws Exception {
        Node one = new Node("one");
        Files.copy(one.file, data.resolve("two.json"));
        Node two = new Node("two");
        String old = one.primary();
        String fresh = one.rotation.add();
        two.copyFrom(one);
        one.rotation.promote(fresh);

        two.makeUnreadable();
        for (int i = 0; i < 9; i++) {
            clock.advance(PAUSE);
            one.round();
            two.round();
        }

        one.round();
        assertThat(one.rotation.state().nodes())
                .extracting(KeyRotation.Node::trouble)
                .hasSize(2)
                .containsNull()
                .anyMatch(trouble -> trouble != null && trouble.startsWith(two.file + " cannot be read: "));
        assertThat(counts.level("keys.nodes.behind")).isEqualTo(1);
        refuses(RotationRefusal.NODES_BEHIND, () -> one.rotation.drop(old));
        assertThatExceptionOfType(VaultException.class)
                .isThrownBy(() -> two.vault.open(TestVaults.of(Keyset.fresh()).seal("token", PLACE), PLACE));
    }

    @Test
    void aNodeThatCannotReadItsKeysetTakesNoStep() throws Exception {
        Node node = new Node("one");
        node.makeUnreadable();

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(node.rotation::add)
                .withMessageContaining("one.json cannot be read");
    }

    @Test
    void whatANodeTellsDoesNotWaitForTheReSealing() throws SQLException {
        Node node = new Node("one");
        keep(node.vault.seal("token", PLACE));
        node.rotation.promote(node.rotation.add());

        node.rotation.round();

        assertThat(node.rotation.state()).returns(0L, RotationState::done).returns(1L, RotationState::values);
    }

    @Test
    void aConfiguredKeysetIsItsOperatorsToChange() throws Exception {
        Keyset before = Keyset.fresh();
        configuration.with("grantbook.keyset", before.text(null));
        Node node = new Node("none");
        assertThat(node.rotation.state().ours()).isFalse();
        refuses(RotationRefusal.NOT_OURS, node.rotation::add);

        Keyset both = before.withNewKey();
        String fresh = both.keys().get(1);
        configuration.with("grantbook.keyset", both.text(null));
        Node restarted = new Node("none");
        refuses(RotationRefusal.NOT_OURS, () -> restarted.rotation.promote(fresh));
        configuration.with("grantbook.keyset", both.withPrimary(fresh).text(null));
        clock.advance(Duration.ofMinutes(3));
        Node promoted = new Node("none");
        clock.advance(PAUSE);
        promoted.rotation.drop(before.primary());
        configuration.with(
                "grantbook.keyset",
                both.withPrimary(fresh).without(before.primary()).text(null));

        assertThat(new Node("none").primary()).isEqualTo(fresh);
    }

    // A key management service

    @Test
    void theKeysetItselfCanBeSealedByAKeyManagementService() throws Exception {
        serve();
        Node node = new Node("one");
        keep(node.vault.seal("token", PLACE));
        String fresh = node.rotation.add();
        node.rotation.promote(fresh);

        assertThat(Files.readString(node.file)).contains("encryptedKeyset").doesNotContain("keyData");
        assertThat(new Node("one").vault.open(kept(), PLACE)).isEqualTo("token");
    }

    @Test
    void aServiceThatFailsForAMomentLeavesNoNodeBehind() throws Exception {
        MadeUpService service = serve();
        Node one = new Node("shared");
        Node two = new Node("shared");
        String fresh = one.rotation.add();

        service.away = true;
        two.round();
        service.away = false;
        two.round();

        assertThat(two.stage(fresh)).isEqualTo(Stage.ADDED);
        one.rotation.promote(fresh);
    }

    @Test
    void aServiceThatNobodyKnowsStopsTheStart() {
        configuration.with("grantbook.keyset.kms-uri", "unheard-of://keys/one");

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Node("one"))
                .withMessageStartingWith("grantbook.keyset.kms-uri: no library here knows unheard-of://keys/one");
    }

    @Test
    void aKeysetInClearIsNotTakenForASealedOne() throws Exception {
        new Node("one");
        serve();

        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> new Node("one"))
                .withMessageContaining("sealed with grantbook.keyset.kms-uri");
    }

    private MadeUpService serve() {
        var service = new MadeUpService();
        KmsClients.add(service);
        configuration.with("grantbook.keyset.kms-uri", service.key);
        return service;
    }

    /** Seals with a key of its own. */
    private static final class MadeUpService implements KmsClient {

        private final String key = "made-up://keys/" + UUID.randomUUID();
        private final Aead aead = Keyset.fresh().aead();
        private boolean away;

        @Override
        public boolean doesSupport(String uri) {
            return uri.equals(key);
        }

        @Override
        public KmsClient withCredentials(String path) {
            return this;
        }

        @Override
        public KmsClient withDefaultCredentials() {
            return this;
        }

        @Override
        public Aead getAead(String uri) throws GeneralSecurityException {
            if (!doesSupport(uri)) {
                throw new GeneralSecurityException("another service's");
            }
            if (away) {
                throw new IllegalStateException("the service does not answer");
            }
            return aead;
        }
    }

    private static void refuses(RotationRefusal reason, Runnable step) {
        assertThatExceptionOfType(RotationRefused.class).isThrownBy(step::run).returns(reason, RotationRefused::reason);
    }

    private void keep(Sealed sealed) {
        database.tamper("DELETE FROM secondary_token");
        database.tamper("INSERT INTO secondary_token (id, grant_id, kind, external_id, name, token, updated_at)"
                + " VALUES ('h', 'g', 'page', 'p', NULL, '" + sealed.text()
                + "', CURRENT_TIMESTAMP)");
    }

    private Sealed kept() {
        return new Sealed(database.sql("SELECT token FROM secondary_token WHERE id = 'h'")
                .get(0)
                .get(0));
    }
}
