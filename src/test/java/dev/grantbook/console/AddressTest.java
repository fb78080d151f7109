package dev.grantbook.console;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressTest {

    @Test
    void emptyValuesAreLeftOut() {
        assertThat(new Address("/console/grants")
                        .with("text", "")
                        .with("status", null)
                        .toString())
                .isEqualTo("/console/grants");
    }

    @Test
    void valuesAreEscaped() {
        assertThat(new Address("/console/grants")
                        .with("text", "a&b=\"张")
                        .with("sort", "subject")
                        .toString())
                .isEqualTo("/console/grants?text=a%26b%3D%22%E5%BC%A0&sort=subject");
    }
}
