// What the web chat itself says: in the first of the reader's languages that we have, else in English. What the assistant says comes from the flows.

const EN = {
  open: 'Chat with us',
  close: 'Close the chat',
  bot: 'Automated assistant',
  botHint: 'Answers at once. Ask for a person at any time.',
  queued: 'A person will take over',
  queuedHint: 'Nothing you wrote is lost. The assistant still answers.',
  person: (name) => `${name}, a person`,
  personHint: 'You are talking with a person now.',
  resolved: 'Done for now',
  resolvedHint: 'Write again at any time; it carries on from here.',
  offline: 'No connection. What you write is kept and sent when it is back.',
  you: 'You',
  botName: 'Assistant',
  placeholder: 'Write a message',
  send: 'Send',
  attach: 'Add a file',
  remove: (name) => `Remove ${name}`,
  unsent: 'Not sent yet',
  failed: 'Not sent',
  retry: 'Try again',
  typing: (name) => `${name} is writing…`,
  tooLarge: 'That file is larger than 5 MB.',
  tooMany: 'Four files at most.',
  empty: 'Hello. Tell us what happened, ask a question, or ask for a person. You don’t have to be a patient.',
  loading: 'One moment…',
  erased: 'Taken back',
  log: 'Conversation',
  choices: 'Answers to choose from',
  file: (name) => `File: ${name}`,
  save: (name) => `Save the file ${name}`,
  notSaved: 'The file could not be fetched. Please try again in a moment.',
};

const ES = {
  open: 'Escríbanos',
  close: 'Cerrar el chat',
  bot: 'Asistente automático',
  botHint: 'Responde al momento. Puede pedir una persona cuando quiera.',
  queued: 'Le atenderá una persona',
  queuedHint: 'No se pierde nada de lo que escribió. El asistente sigue respondiendo.',
  person: (name) => `${name}, una persona`,
  personHint: 'Ahora habla con una persona.',
  resolved: 'Hecho por ahora',
  resolvedHint: 'Escriba cuando quiera; se sigue desde aquí.',
  offline: 'Sin conexión. Lo que escriba se guarda y se envía cuando vuelva.',
  you: 'Usted',
  botName: 'Asistente',
  placeholder: 'Escriba un mensaje',
  send: 'Enviar',
  attach: 'Añadir un archivo',
  remove: (name) => `Quitar ${name}`,
  unsent: 'Aún sin enviar',
  failed: 'Sin enviar',
  retry: 'Otra vez',
  typing: (name) => `${name} está escribiendo…`,
  tooLarge: 'Ese archivo pasa de 5 MB.',
  tooMany: 'Cuatro archivos como mucho.',
  empty: 'Hola. Cuéntenos qué pasó, pregunte algo o pida una persona. No hace falta ser paciente.',
  loading: 'Un momento…',
  erased: 'Retirado',
  log: 'Conversación',
  choices: 'Respuestas para elegir',
  file: (name) => `Archivo: ${name}`,
  save: (name) => `Guardar el archivo ${name}`,
  notSaved: 'No se pudo traer el archivo. Pruebe otra vez en un momento.',
};

const ALL = { en: EN, es: ES };

/** The language of the chat's own words. */
export const LANGUAGE = (navigator.languages ?? [navigator.language]).map((l) => l.slice(0, 2)).find((l) => l in ALL) ?? 'en';

/** The chat's own words. */
export const WORDS = ALL[LANGUAGE];
