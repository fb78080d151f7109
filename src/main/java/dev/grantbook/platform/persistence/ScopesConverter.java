package dev.grantbook.platform.persistence;

import dev.grantbook.oauth.Scopes;
import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/** Stores scopes in one column, in the form of RFC 6749. */
@Converter(autoApply = true)
public class ScopesConverter implements AttributeConverter<Scopes, String> {

    @Override
    public String convertToDatabaseColumn(@Nullable Scopes scopes) {
        return scopes == null ? "" : scopes.toString();
    }

    @Override
    public Scopes convertToEntityAttribute(@Nullable String text) {
        return text == null ? Scopes.NONE : Scopes.parse(text, ' ');
    }
}
