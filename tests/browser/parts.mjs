// Where things are found on a page, by what they are called; the same words a screen reader has.

export const button = (place, name) => place.getByRole('button', { name, exact: true });
export const text = (place, name) => place.getByRole('textbox', { name, exact: true });
export const box = (place, name) => place.getByRole('checkbox', { name, exact: true });
export const toast = (page, words) => page.locator('.toast').filter({ hasText: words });
export const dialog = (page, name) => page.getByRole('dialog', name ? { name, exact: true } : {});
export const region = (page, name) => page.getByRole('region', { name, exact: true });
export const pane = (page) => page.getByRole('complementary');
