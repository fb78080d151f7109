package dev.grantbook.invitation;

/**
 * What a page tells of a grant that ended: whether its provider knows, and what is left for the user to do.
 *
 * @param word the part of the text keys: that of a {@link dev.grantbook.grant.ProviderNotice}, or {@code unconfirmed}
 *     when no bot ever got the token
 * @param signing whether a key that nobody else had signed its calls, so that nobody has anything that lasts
 * @param settings where the user ends it at the provider
 */
public record EndExplanation(String word, boolean signing, String bot, String provider, SettingsLink settings) {

    /** The key of the sentence. */
    public String getKey() {
        return "end." + word + (signing && (isPending() || isStepLeft()) ? ".signing" : "");
    }

    /** Whether it is worth looking again. */
    public boolean isPending() {
        return word.equals("pending");
    }

    /** Whether a step is left for the user. */
    public boolean isStepLeft() {
        return word.equals("unnotified") || word.equals("shared");
    }
}
