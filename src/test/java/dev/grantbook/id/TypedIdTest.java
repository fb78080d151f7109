package dev.grantbook.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class TypedIdTest {

    @Test
    void textIsTheValue() {
        assertThat(new ConnectorId("wallet")).hasToString("wallet");
        assertThat(new GrantId("g-1")).hasToString("g-1");
        assertThat(new Subject("alice")).hasToString("alice");
        assertThat(TypedId.values(List.of(new GrantId("g-1"), new GrantId("g-2"))))
                .containsExactly("g-1", "g-2");
    }

    @Test
    void emptyAndOverlongTextsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Subject(""))
                .withMessage("must have 1 to 255 characters");
        assertThatIllegalArgumentException().isThrownBy(() -> new Subject("s".repeat(256)));
        assertThatIllegalArgumentException().isThrownBy(() -> new ConnectorId("c".repeat(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> new GrantId("g".repeat(37)));
    }

    @Test
    void lengthIsCountedInCodePointsAsSchemasDo() {
        assertThat(new Subject("😀".repeat(255)).value()).hasSize(510);
    }

    @Test
    void whatNoIdCanBeIsParsedToNothing() {
        assertThat(TypedId.parse("alice", Subject::new)).contains(new Subject("alice"));
        assertThat(TypedId.parse(null, Subject::new)).isEmpty();
        assertThat(TypedId.parse("", Subject::new)).isEmpty();
        assertThat(TypedId.parse("g".repeat(37), GrantId::new)).isEmpty();
    }
}
