package dev.grantbook.vault;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a sealed value in one column, sealed as it is: nothing is opened here. A field of this type is how key rotation
 * finds every column that holds something sealed ({@link SealedColumn}).
 */
@Converter(autoApply = true)
public class SealedConverter implements AttributeConverter<Sealed, String> {

    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable Sealed sealed) {
        return sealed == null ? null : sealed.text();
    }

    @Override
    public @Nullable Sealed convertToEntityAttribute(@Nullable String text) {
        return text == null ? null : new Sealed(text);
    }
}
