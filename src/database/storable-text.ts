/**
 * What PostgreSQL keeps as it is given. It takes no NUL, and half of a surrogate pair, which has no bytes in UTF-8, would
 * reach it as another character.
 */
export const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

export const NOT_STORABLE = 'contains a character that no text can have (NUL, half a surrogate pair)';
