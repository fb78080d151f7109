package dev.grantbook.vault;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/**
 * Stores a sealed value in one column without opening it. Key rotation finds sealed columns by this type
 * ({@link SealedColumn}).
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
