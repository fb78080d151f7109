package dev.grantbook.invitation;

import dev.grantbook.platform.config.Settings;
import dev.grantbook.platform.config.Settings.SandboxSettings;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.inject.Named;

/** The start page. */
@Named("start")
@RequestScoped
public class StartBacking {

    @Inject
    Settings settings;

    public boolean isSandbox() {
        return settings.sandbox().enabled() && SandboxSettings.isBuiltIn();
    }
}
