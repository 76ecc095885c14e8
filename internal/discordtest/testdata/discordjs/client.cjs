// A bot on discord.js, by which discordtest is tried with another library than the one that docent is built on.
// Environment: DISCORDJS is a folder that has node_modules/discord.js, API the fake's address, TOKEN the bot's token.
// It prints one JSON line for each thing that happened.
const { createRequire } = require('node:module');
const { join } = require('node:path');
const {
  ActionRowBuilder, ButtonBuilder, ButtonStyle, Client, EmbedBuilder, Events, GatewayIntentBits, MessageFlags, ModalBuilder, Partials,
  StringSelectMenuBuilder, TextInputBuilder, TextInputStyle,
} = createRequire(join(process.env.DISCORDJS, 'package.json'))('discord.js');

const say = (event, more = {}) => console.log(JSON.stringify({ event, ...more }));
const fail = (error) => { say('error', { text: String(error && error.stack || error) }); };
process.on('unhandledRejection', fail);
process.on('uncaughtException', fail);

const client = new Client({
  intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.DirectMessages],
  partials: [Partials.Channel], // else discord.js drops direct messages
  allowedMentions: { parse: [] },
  rest: { api: process.env.API + '/api', retries: 2 },
});

const commands = [
  {
    name: 'ask', description: 'Ask', nameLocalizations: { de: 'frage' }, descriptionLocalizations: { de: 'Fragen' },
    options: [{ type: 3, name: 'question', description: 'What', required: true, autocomplete: true }],
  },
  { name: 'slow', description: 'Answers late' },
  { name: 'form', description: 'Shows a form' },
  { name: 'Ask this', type: 3 },
];

const buttons = () => new ActionRowBuilder().addComponents(
  new ButtonBuilder().setCustomId('more').setLabel('More').setStyle(ButtonStyle.Primary),
  new ButtonBuilder().setCustomId('gone').setLabel('Delete').setStyle(ButtonStyle.Danger),
  new ButtonBuilder().setURL('https://example.org/').setLabel('Source').setStyle(ButtonStyle.Link),
);
const menu = () => new ActionRowBuilder().addComponents(
  new StringSelectMenuBuilder().setCustomId('why').setPlaceholder('Why').addOptions(
    { label: 'Unclear', value: 'unclear' }, { label: 'Missing', value: 'missing' }),
);

async function command(i) {
  switch (i.commandName) {
    case 'slow':
      await i.deferReply();
      await i.editReply({ content: 'late' });
      await i.followUp({ content: 'and more', flags: MessageFlags.Ephemeral });
      say('followed');
      return;
    case 'form':
      await i.showModal(new ModalBuilder().setCustomId('form').setTitle('Form').addComponents(
        new ActionRowBuilder().addComponents(new TextInputBuilder().setCustomId('t').setLabel('Text').setStyle(TextInputStyle.Short))));
      return;
    case 'Ask this':
      await i.reply({ content: 'about: ' + i.targetMessage.content, flags: MessageFlags.Ephemeral });
      return;
  }
  const sent = await i.reply({
    embeds: [new EmbedBuilder().setTitle('Answer').setDescription('You asked: ' + i.options.getString('question'))],
    components: [buttons(), menu()], withResponse: true,
  });
  say('replied', { id: sent.resource.message.id, locale: i.locale, inGuild: i.inGuild() });
}

async function component(i) {
  if (i.isStringSelectMenu()) return i.reply({ content: 'because: ' + i.values.join(), flags: MessageFlags.Ephemeral });
  if (i.customId === 'more') return i.update({ content: 'more', embeds: [], components: [] });
  await i.deferUpdate();
  await i.deleteReply();
}

client.on(Events.InteractionCreate, (i) => {
  if (i.isAutocomplete()) {
    const typed = i.options.getFocused();
    return i.respond(typed === 'zzz' ? [] : [{ name: 'You typed ' + typed, value: typed || 'nothing' }]).catch(fail);
  }
  if (i.isCommand()) return command(i).catch(fail);
  return component(i).catch(fail);
});
client.on(Events.MessageCreate, (m) => {
  if (m.author.bot || !(m.mentions.users.has(client.user.id) || m.inGuild() === false)) return;
  m.reply({ content: 'heard: ' + m.cleanContent, nonce: m.id, enforceNonce: true }).catch(fail);
});
client.on(Events.ShardResume, (id, replayed) => say('resumed', { id, replayed }));
client.on(Events.Error, fail);
client.on(Events.ClientReady, async () => {
  try {
    const made = await client.application.commands.set(commands);
    const listed = await client.application.commands.fetch({ withLocalizations: true });
    say('ready', { user: client.user.id, guilds: client.guilds.cache.size, commands: made.size, listed: listed.size });
  } catch (error) { fail(error); }
});
process.stdin.on('end', () => client.destroy().then(() => { say('bye'); process.exit(0); }, fail)).resume();
client.login(process.env.TOKEN).catch((error) => { fail(error); process.exit(1); });
