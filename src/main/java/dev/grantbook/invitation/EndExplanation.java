package dev.grantbook.invitation;

/**
 * A page's sentences about a grant that ended: whether its provider was notified, and the user's remaining step.
 *
 * @param word part of text keys: that of a {@link dev.grantbook.revocation.ProviderNotice}, or {@code unconfirmed} when
 *     no bot ever got the token
 * @param signing whether calls were signed by a key that only Grantbook had, so that no bot has a token left
 */
public record EndExplanation(String word, boolean signing, String bot, String provider, SettingsLink settings) {

    public String getKey() {
        return "end." + word + (signing && (isPending() || isStepLeft()) ? ".signing" : "");
    }

    /** Whether the revocation is still being tried. */
    public boolean isPending() {
        return word.equals("pending");
    }

    /** Whether the user has to revoke the grant at the provider. */
    public boolean isStepLeft() {
        return word.equals("unnotified") || word.equals("shared");
    }
}
