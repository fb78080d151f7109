package dev.grantbook.platform.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobsTest {

    private final List<String> done = new ArrayList<>();

    @Test
    void aRoundDoesTheWork() {
        Jobs.round("sweeping", () -> done.add("swept"));

        assertThat(done).containsExactly("swept");
    }

    @Test
    void workThatFailsDoesNotEndTheRounds() {
        assertThatNoException()
                .isThrownBy(() -> Jobs.round("sweeping", () -> {
                    throw new IllegalStateException("no broom");
                }));
        assertThatNoException()
                .isThrownBy(() -> Jobs.round("sweeping", () -> {
                    throw new NoClassDefFoundError("Broom");
                }));
    }
}
