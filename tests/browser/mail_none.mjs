// Ada has no address, and there is no mail server: she is told, and what she chooses is kept.
import { Person, ask, found, launch, play, step } from './page.mjs';

const { BASE, PASSWORD } = process.env;
const browsers = [await launch()];
const ada = await Person.at(browsers[0], 'ada');

await play([ada], browsers, async () => {
  await step('ada is told why no mail comes', async () => {
    await ada.signIn(BASE, 'ada', PASSWORD);
    await ada.page.goto(`${BASE}/settings/notifications`);
    await ada.page.getByText('Your account has no e-mail address').waitFor();
    await ada.page.getByText('No mail server is set up here yet').waitFor();
    await ada.page.getByText('Nothing to tell yet').waitFor();
    await ada.page.getByText('No hours are quiet.').waitFor();
    await ada.page.locator('#mail-title').evaluate((one) => one.scrollIntoView({ block: 'start' }));
    await ada.pictures('mail-10-none');
  });
  await step('she chooses all the same', async () => {
    await ada.page.getByRole('radio', { name: 'Once a day, about all conversations together' }).check();
    await ada.page.getByLabel('Time of the daily mail').waitFor();
    await ada.page.reload();
    await ada.page.getByRole('radio', { name: 'Once a day, about all conversations together', checked: true }).waitFor();
    found('chosen', await ask('mailing'));
  });
});
