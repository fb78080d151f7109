package dev.grantbook.console.administrator;

import dev.grantbook.administrator.AuditEvent.AuditEventKind;
import dev.grantbook.console.AdministratorSession;
import dev.grantbook.console.TextsBacking;
import dev.grantbook.platform.config.ConfigurationException;
import dev.grantbook.vault.KeyRotation;
import dev.grantbook.vault.KeyRotation.Node;
import dev.grantbook.vault.KeyRotation.RotationState;
import dev.grantbook.vault.KeyRotation.Stage;
import dev.grantbook.vault.RotationRefused;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The keys that seal tokens, by their numbers, and the steps of their rotation. */
@Named("keyList")
@RequestScoped
public class KeysBacking {

    @Inject
    KeyRotation rotation;

    @Inject
    AdministratorSession session;

    @Inject
    TextsBacking say;

    private @Nullable RotationState state;

    public RotationState getState() {
        RotationState known = state;
        if (known == null) {
            known = rotation.state();
            state = known;
        }
        return known;
    }

    public void add() {
        step(() -> {
            String added = rotation.add();
            session.record(AuditEventKind.KEY_ADDED, added);
            say.tell("keys.added", added);
        });
    }

    public void promote(String key) {
        step(() -> {
            rotation.promote(key);
            session.record(AuditEventKind.KEY_PROMOTED, key);
            say.tell("keys.promoted", key);
        });
    }

    public void drop(String key) {
        step(() -> {
            rotation.drop(key);
            session.record(AuditEventKind.KEY_DROPPED, key);
            say.tell(getState().ours() ? "keys.dropped" : "keys.released", key);
        });
    }

    private void step(Runnable step) {
        if (!session.mayChange()) {
            return;
        }
        try {
            step.run();
        } catch (RotationRefused refused) {
            say.warn("keys." + refused.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        } catch (ConfigurationException unusable) {
            say.warn("keys.unusable", String.valueOf(unusable.getMessage()));
        }
        session.redirect("/console/keys");
    }

    /** Whether a rotation can begin. */
    public boolean isAddable() {
        return session.isAdmin() && getState().ours() && getState().keys().size() == 1;
    }

    public boolean isPromotable(KeyRotation.KeyInfo key) {
        return session.isAdmin() && getState().ours() && key.stage() == Stage.ADDED;
    }

    public boolean isDroppable(KeyRotation.KeyInfo key) {
        return session.isAdmin() && key.stage() != Stage.PRIMARY && key.values() == 0;
    }

    /** Whether the key cannot be dropped yet, since values are sealed with it. */
    public boolean isNeeded(KeyRotation.KeyInfo key) {
        return key.stage() != Stage.PRIMARY && key.values() > 0;
    }

    /** Names of the nodes that the next step waits for. */
    public String behind(KeyRotation.KeyInfo key) {
        return String.join(", ", key.behind());
    }

    /** The nodes that cannot use the stored keyset. */
    public List<Node> getTroubled() {
        return getState().nodes().stream()
                .filter(node -> node.trouble() != null)
                .toList();
    }

    public String stage(KeyRotation.KeyInfo key) {
        return say.of("keys.stage." + key.stage().name().toLowerCase(Locale.ROOT));
    }
}
