package dev.grantbook.vault;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** Stores a sealed value without opening it. */
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
