package dev.grantbook.console.administrator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.grantbook.console.AdministratorSession;
import dev.grantbook.vault.KeyRotation.KeyInfo;
import dev.grantbook.vault.KeyRotation.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeysBackingTest {

    private final KeysBacking keys = new KeysBacking();

    @Test
    void aKeyCanBeDroppedWhenNothingIsSealedWithIt() {
        keys.session = new AdministratorSession() {
            @Override
            public boolean isAdmin() {
                return true;
            }
        };

        assertThat(keys.isDroppable(key(Stage.OLD, 0))).isTrue();
        assertThat(keys.isDroppable(key(Stage.ADDED, 0))).isTrue();
        assertThat(keys.isDroppable(key(Stage.OLD, 1))).isFalse();
        assertThat(keys.isDroppable(key(Stage.PRIMARY, 0))).isFalse();
        assertThat(keys.isNeeded(key(Stage.OLD, 1))).isTrue();
        assertThat(keys.isNeeded(key(Stage.OLD, 0))).isFalse();
        assertThat(keys.isNeeded(key(Stage.PRIMARY, 1))).isFalse();
    }

    private static KeyInfo key(Stage stage, long values) {
        return new KeyInfo("7", stage, values, List.of());
    }
}
