package dev.grantbook.platform.persistence;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Stores again without the pauses: what fails for good costs a test six seconds otherwise. */
public final class WithoutPauses implements BeforeEachCallback, AfterEachCallback {

    @Override
    public void beforeEach(ExtensionContext context) {
        OptimisticRetry.pause = 1;
    }

    @Override
    public void afterEach(ExtensionContext context) {
        OptimisticRetry.pause = OptimisticRetry.PAUSE;
    }
}
