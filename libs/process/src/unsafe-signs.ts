/** Control characters, line ends among them, and what turns the direction of writing or is not seen: they do something to a terminal. */
export const unsafeSigns = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu;
