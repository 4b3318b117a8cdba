import { splitWords } from '../split.ts'

const words = (text: string) => text.trim().split(/\s+/)

export const women = splitWords(words(`
  Ana Mia Lena Sofia Olga Ingrid Fatima Aisha Priya Ananya Yuki Sakura Mei Xiu Linh Thuy Amara Ngozi Zainab Chiara Giulia Francesca Camille Élodie Margaux Clémence Inés Lucía Carmen Pilar
  Beatriz Joana Mariana Thandiwe Lerato Nomsa Wanjiru Achieng Abena Esi Leila Shirin Yasmin Nour Hana Dalia Rivka Tamar Noa Shira Elif Zeynep Defne Ayşe Katarina Jelena Milica Anežka Zuzana
  Magda Agnieszka Kinga Małgorzata Ilona Réka Zsófia Ioana Andreea Elena Desislava Ivana Svetlana Natalia Ksenia Daria Oksana Solveig Astrid Freja Signe Kirsten Saoirse Niamh Aoife Morag Catriona
  Megan Rhiannon Eleanor Harriet Matilda Beatrice Phoebe Imogen Charlotte Abigail Hannah Naomi Ruth Esther Judith Martha Lydia Clara Edith Greta Frieda Hedwig Ulrike Anneliese Maren Femke Sanne
  Marijke Aino Eeva Kaisa Liisa Maarika Ieva Rasa Daina Guðrún Sigríður Björk Malia Leilani Moana Aroha Ngaire Marisol Guadalupe Ximena Rocío Itzel Paloma Valentina Renata Luciana Thaís Jacira
  Sunita Kavita Lakshmi Meera Deepika Nandini Gulnara Aigul Saule Nino Tamta Ketevan Anahit Siranush Haruka Michiko Ayumi Jiwoo Minji Soyeon Siti Dewi Putri Kartika Malai Suda Chanthou Bopha
  Adaeze Folake Yetunde Makena Zuri Hiwot Selam Tigist Samira Khadija Halima Warda Rania Dina Salma Farida Parisa Golnaz Mahsa Tova Edna Wilma Doris Pearl Mabel Winifred Dorothea Philippa Rosalind`))
export const men = splitWords(words(`
  Ben Tom Luis Marco Ivan Sergei Ahmed Omar Raj Vikram Hiroshi Kenji Wei Jun Minh Tuan Kwame Chidi Emeka Luca Matteo Giovanni Étienne Benoît Loïc Javier Andrés Iñigo Rodrigo João Tiago Nuno
  Sipho Themba Kofi Kwabena Otieno Kamau Hamid Reza Dariush Karim Youssef Bilal Avi Eitan Moshe Emre Mehmet Çağlar Goran Dragan Miloš Jiří Ondřej Václav Paweł Łukasz Wojciech Bence Gergő
  Radu Mihai Bogdan Stoyan Dimitar Oleg Yuri Maxim Anton Kirill Taras Bohdan Lars Sven Bjørn Håkon Magnus Rasmus Ciarán Eoghan Seamus Hamish Callum Rhys Gareth Owen Edmund Rupert Nigel
  Barnaby Theodore Jasper Felix Oscar Hugo Arthur Walter Gustav Klaus Jürgen Matthias Lennart Ruben Joost Pieter Willem Antti Juhani Eero Tõnu Jānis Vytautas Einar Þór Kai Keoni Tane Wiremu
  Diego Mateo Emiliano Cuauhtémoc Joaquín Facundo Thiago Caetano Raimundo Arjun Rohan Sanjay Anil Harish Timur Nurlan Bakyt Giorgi Levan Tigran Aram Daichi Takeshi Ryo Sungmin Jaehyun Budi
  Agus Wayan Somchai Sokha Obinna Tunde Segun Baraka Juma Dawit Tesfaye Abdi Idris Tariq Hassan Mustafa Khalil Farid Cyrus Kaveh Ezra Amos Silas Elijah Caleb Gideon Solomon Ambrose Cornelius
  Alfred Wilfred Cecil Horace Percy Leopold Ignatius Bartholomew Fergus Angus Desmond Lionel Cedric Basil Rufus`))
export const surnames = splitWords(words(`
  Okafor Ruiz Novak Tanaka Lindqvist Haddad Kowalski Moreau Schmidt Rossi Petrov Nguyen Iyer Mbeki Andersen Costa Yilmaz Kaplan Hughes Murray Doyle Fischer Weber Bianchi Dubois Laurent Garcia
  Fernandes Almeida Horvath Popescu Ivanova Kuznetsov Shevchenko Berg Dahl Nilsson Virtanen Jansen Vermeer Papadopoulos Georgiou Mansour Rahman Chowdhury Banerjee Reddy Sharma Kapoor Wong Chen
  Takahashi Yamamoto Park Kim Suharto Santos Reyes Delacroix Abebe Kipchoge Adeyemi Mensah Dlamini Naidoo Whitfield Ashworth Pemberton Thistlewood Blackwood Hargreaves Ferguson MacLeod Sinclair
  Brennan Gallagher Fitzgerald Castellano Montenegro Villanueva Echeverría Quiroga Zapata Bauer Hofmann Zimmermann Keller Brunner Steiner Lefèvre Fontaine Marchetti Ferrari Galli Wójcik Zielińska
  Dvořák Svoboda Kovács Szabó Jovanović Petrović Hadžić Çelik Öztürk Aydın Kaya Levi Mizrahi Peretz Azoulay Toivonen Korhonen Sørensen Rasmussen Jónsdóttir Kealoha Tamihana`))

/** Whom people speak of without a name. Such words are few, and everybody's: they are in every split. */
export const womenKin = words('sister mother mum grandmother granny aunt niece daughter wife girlfriend stepmother godmother mother-in-law sister-in-law landlady goddaughter stepsister')
export const menKin = words('brother father dad grandfather grandpa uncle nephew son husband boyfriend stepfather godfather father-in-law brother-in-law landlord godson stepbrother')
/** Either. */
export const others = ['cousin', 'best friend', 'boss', 'neighbour', 'roommate', 'colleague', 'teammate', 'partner', 'flatmate', 'coach', 'babysitter', 'tutor', 'piano teacher', 'old classmate', 'pen pal', 'cleaner', 'intern', 'upstairs neighbour']
/** Words for what may be the same person: an example has one of each row at most, so that it has one answer. */
export const sameKin: readonly (readonly string[])[] = [
  ['mother', 'mum', 'stepmother', 'mother-in-law'], ['father', 'dad', 'stepfather', 'father-in-law'], ['grandmother', 'granny'], ['grandfather', 'grandpa'], ['wife', 'husband', 'girlfriend', 'boyfriend', 'partner'],
  ['roommate', 'flatmate'], ['neighbour', 'upstairs neighbour'], ['landlord', 'landlady'], ['sister', 'stepsister', 'sister-in-law'], ['brother', 'stepbrother', 'brother-in-law'],
  ['colleague', 'intern'], ['tutor', 'piano teacher', 'coach'], ['best friend', 'old classmate', 'pen pal'], ['daughter', 'goddaughter'], ['son', 'godson']
]
