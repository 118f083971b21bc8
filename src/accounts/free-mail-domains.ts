/** Providers of personal mailboxes: an address there does not tell a company. */
export const FREE_MAIL_DOMAINS: ReadonlySet<string> = new Set(
  `126.com 163.com 139.com 189.cn 1und1.de abv.bg aim.com alice.it aliyun.com aol.com arcor.de att.net bellsouth.net bigpond.com
  bk.ru blueyonder.co.uk bluewin.ch bol.com.br btinternet.com centrum.cz charter.net comcast.net cox.net daum.net duck.com earthlink.net
  email.com email.cz email.de eircom.net fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de frontier.com gmail.com
  googlemail.com gmx.at gmx.ch gmx.com gmx.de gmx.net hanmail.net hey.com home.nl hotmail.be hotmail.co.uk hotmail.com hotmail.de hotmail.es
  hotmail.fr hotmail.it hushmail.com icloud.com inbox.lv inbox.ru interia.pl juno.com kpnmail.nl laposte.net libero.it list.ru live.ca
  live.co.uk live.com live.de live.fr live.it live.nl mac.com mail.com mail.de mail.ru mailbox.org me.com msn.com mweb.co.za naver.com
  netscape.net neuf.fr ntlworld.com o2.pl onet.pl online.de online.no optonline.net optusnet.com.au orange.fr outlook.at outlook.com
  outlook.de outlook.es outlook.fr outlook.it planet.nl pm.me post.cz posteo.de proton.me protonmail.ch protonmail.com qq.com
  rambler.ru rediffmail.com rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com skynet.be sohu.com
  sympatico.ca t-online.de talktalk.net telenet.be telia.com terra.com.br tin.it tiscali.co.uk tiscali.it tutanota.com tuta.com ukr.net
  uol.com.br verizon.net virgilio.it virginmedia.com vodafone.de walla.co.il wanadoo.fr web.de windowslive.com wp.pl xs4all.nl yahoo.ca
  yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.ar yahoo.com.au yahoo.com.br yahoo.com.mx yahoo.com.sg yahoo.de
  yahoo.es yahoo.fr yahoo.gr yahoo.in yahoo.it ya.ru yandex.com yandex.ru yeah.net ymail.com zoho.com zohomail.com ziggo.nl`.split(
    /\s+/,
  ),
);
